# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate of the API's, for a name and addresses."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make(folder: Path, name: str, *addresses: str) -> tuple[Path, Path]:
    """Self-signed, and its key, as PEM files."""
    crt, key = folder / f"{name}.crt", folder / f"{name}.key"
    names = ",".join([f"DNS:{name}", *(f"IP:{one}" for one in addresses)])
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    words += ["-subj", f"/CN={name}", "-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(crt)]
    subprocess.run(words, check=True, capture_output=True)
    return crt, key
