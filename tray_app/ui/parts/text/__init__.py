"""Labels, links and icons that say something."""
