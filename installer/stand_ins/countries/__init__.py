"""Stands in the bundle for `holidays.countries`: countries are imported one by one."""
