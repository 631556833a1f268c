"""The guided tour: one module per part of the main job, told in order by `route.take`."""
