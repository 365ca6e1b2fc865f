# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Become user-mode Linux, ``guest_kernel.py linux.uml …``, on processors with AMX too. Started by keeper.py alone.

Up to Linux 6.10 it keeps a guest's registers in 2,696 bytes (HOST_FP_SIZE in arch/x86/um/user-offsets.c). A host whose
processor has more of them (AMX: 11,008) gives as many bytes as one asks for and takes none back: PTRACE_SETREGSET ends
with EFAULT, and the guest with "fatal_sigsegv" as it begins its first program. Where PTRACE_GETREGSET fails, it uses
PTRACE_GETFPREGS instead (arch/x86/um/os-Linux/registers.c). That knows x87 and SSE only, and what AVX holds is lost at
each page fault: the programs of a guest are told to do without. The same on every machine, so that all see it tested.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

# From <linux/filter.h>, <linux/seccomp.h>, <linux/audit.h>, <asm/unistd_64.h>, <linux/ptrace.h>, <linux/prctl.h>.
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
SYSCALL, ARCHITECTURE, FIRST_WORD = 0, 4, 16  # where they stand in struct seccomp_data
X86_64, PTRACE, PTRACE_GETREGSET = 0xC000003E, 101, 0x4204
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EINVAL
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

# Each line: what to do, how many lines to leave out when equal, and when not, and with what.
FILTER = (
    (LOAD, 0, 0, ARCHITECTURE),
    (EQUAL, 0, 5, X86_64),
    (LOAD, 0, 0, SYSCALL),
    (EQUAL, 0, 3, PTRACE),
    (LOAD, 0, 0, FIRST_WORD),
    (EQUAL, 0, 1, PTRACE_GETREGSET),
    (RETURN, 0, 0, FAIL),
    (RETURN, 0, 0, ALLOW),
)

# Variables of the guest's first program, as arguments of its kernel: see OPENSSL_ia32cap(3) and, in glibc's manual,
# "Hardware Capability Tunables".
WITHOUT_AVX = (
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load",
    "OPENSSL_ia32cap=~0x1000000000000000:0x0",
)


class Program(ctypes.Structure):
    """struct sock_fprog of <linux/filter.h>."""

    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid_getregset() -> None:
    """From here on, for this process and what it starts.

    :raises OSError: when the kernel has no seccomp, or this is not root.
    """
    lines = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in FILTER))
    program = Program(len(FILTER), ctypes.addressof(lines))
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program)):
        raise OSError(ctypes.get_errno(), f"PR_SET_SECCOMP: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    forbid_getregset()
    os.execvp(sys.argv[1], [*sys.argv[1:], *WITHOUT_AVX])
