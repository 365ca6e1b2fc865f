# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m vyos SETTINGS...``: JSON files with the fields of cli.Settings in, one JSON line with the ports out."""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path

from .cli import Router, Settings
from .server import serve


def main() -> int:
    ports = []
    for settings in sys.argv[1:]:
        router = Router(Settings(**json.loads(Path(settings).read_text(encoding="utf-8"))))
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(router, listener), daemon=True).start()
        ports.append(listener.getsockname()[1])
    print(json.dumps(ports), flush=True)
    sys.stdin.read()  # until whoever started it goes away
    return 0


if __name__ == "__main__":
    sys.exit(main())
