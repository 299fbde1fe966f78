"""One command per file. The work is done by `control_plane.admin`."""
