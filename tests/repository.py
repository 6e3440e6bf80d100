"""Where the repository lies, and beside it the real answers of the real services, where there are any."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
RECORDED = REPOSITORY.parent / "shared" / "recordings"
