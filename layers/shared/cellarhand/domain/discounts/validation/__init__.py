"""What is wrong with a discount schema before anybody is priced by it."""
