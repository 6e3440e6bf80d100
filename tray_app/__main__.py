"""`python -m tray_app`."""

import sys

from tray_app.app import main

if __name__ == "__main__":
    sys.exit(main())
