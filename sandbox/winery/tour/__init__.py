"""The guided tour: one module per part of the main job; `route.take` calls them in order."""
