"""What the pages of one dataset share: they tell how it stands, collect and cancel."""
