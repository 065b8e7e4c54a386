"""Linkers that cheat, break or talk nonsense, each a real attempt of a kind of its own.

`cases` gives them as (name, source of a module with `Mine`, pattern that the whole status meets). A
side door is an expression that must raise: if it gives anything, the linker ends with GOT.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

Case = tuple[str, str, str]

GOT = "GOT IT"
_HEAD = """
import ctypes, os, signal, socket, subprocess, sys, threading, time
from pathlib import Path
import numpy as np
import pyarrow as pa
{places}
NOTHING = {{"left_id": pa.array([], pa.string()), "right_id": pa.array([], pa.string())}}
libc = ctypes.CDLL(None, use_errno=True)

def call(*words):
    result = libc.syscall(*words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def function(name, *words):
    if getattr(libc, name)(*words) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"

def vector():
    held = ctypes.create_string_buffer(8)
    return (ctypes.c_size_t * 2)(ctypes.addressof(held), 8)

def shell(line):
    done = subprocess.run(line, shell=True, capture_output=True, timeout=10)
    if done.returncode or not done.stdout:
        raise OSError(done.stderr.decode())
    return done.stdout[:100]

def first_bytes(file):
    held = os.read(file, 64) if isinstance(file, int) else file.read(64)
    if not held:
        raise OSError("empty")
    return held

def opened(doors):
    opened = {{}}
    for name, how in doors.items():
        try:
            opened[name] = repr(how())[:20]
        except (Exception, SystemExit) as error:
            sys.stderr.write(f"{{name}}: {{type(error).__name__}}: {{error}}\\n")
    if opened:
        raise SystemExit(f"GOT IT: {{opened}}")
    return NOTHING
"""
_LINK = """
class Mine:
    name = "mine"
    def link(self, left, right, *, seed):
{body}
"""

# Ways to what stands in `TRUTH`, `DATASET`, `RUN`, `JUDGE` (the process that evaluates), each of
# which must raise. One linker tries all of a kind.
READING = {
    "open": "open(TRUTH, 'rb').read()",
    "open in Arrow": "__import__('pyarrow.parquet').parquet.read_table(TRUTH)",
    "open as a data set": "__import__('pyarrow.dataset').dataset.dataset(DATASET + '/truth').head(1)",
    "map in Arrow": "pa.memory_map(TRUTH).read()",
    "open in DuckDB": "__import__('duckdb').sql(f\"SELECT * FROM '{TRUTH}'\").fetchall()",
    "open in NumPy": "np.fromfile(TRUTH, 'u1')",
    "open a descriptor": "first_bytes(os.open(TRUTH, os.O_RDONLY))",
    "open by libc": "first_bytes(call(2, TRUTH.encode(), 0))",
    "open by openat2": "first_bytes(call(437, -100, TRUTH.encode(), bytes(24), 24))",
    "open a folder, then inside": "first_bytes(os.open('persons.parquet', 0, dir_fd=os.open(DATASET + '/truth', os.O_RDONLY)))",
    "open a path, then inside": "first_bytes(os.open('persons.parquet', 0, dir_fd=os.open(DATASET + '/truth', os.O_PATH)))",
    "open a path, then again": "open(f\"/proc/self/fd/{os.open(TRUTH, os.O_PATH)}\", 'rb').read()",
    "open by handle": "call(304, -100, bytes(136), 0)",
    "open by io_uring": "call(425, 8, ctypes.create_string_buffer(120))",
    "go there": "(os.chdir(DATASET + '/truth'), open('persons.parquet', 'rb').read())",
    "map": "__import__('mmap').mmap(os.open(TRUTH, os.O_RDONLY), 0, prot=1)[:9]",
    "cat": "shell(f'cat {TRUTH}')",
    "redirect": "shell(f'head -c 9 < {TRUTH}')",
    "copy": "shell(f'cp {TRUTH} $TMPDIR/x && cat $TMPDIR/x')",
    "archive": "shell(f'tar cf - {DATASET}/truth | tail -c +600 | head -c 9; tar cf $TMPDIR/t {DATASET}/truth && cat $TMPDIR/t')",
    "hard link": "(os.link(TRUTH, os.environ['TMPDIR'] + '/l'), open(os.environ['TMPDIR'] + '/l', 'rb').read())",
    "symbolic link": "(os.symlink(TRUTH, os.environ['TMPDIR'] + '/s'), open(os.environ['TMPDIR'] + '/s', 'rb').read())",
    "rename a file": "os.rename(TRUTH, os.environ['TMPDIR'] + '/r')",
    "rename a folder": "os.rename(DATASET, os.environ['TMPDIR'] + '/d')",
    "exchange": "call(316, -100, TRUTH.encode(), -100, os.environ['TMPDIR'].encode(), 2)",
    "change its mode, then open": "(os.chmod(TRUTH, 0o777), open(TRUTH, 'rb').read())",
    "root of the judge": "open(f'/proc/{JUDGE}/root{TRUTH}', 'rb').read()",
    "root of the warden": "open(f'/proc/{os.getppid()}/root{TRUTH}', 'rb').read()",
    "root of init": "open(f'/proc/1/root{TRUTH}', 'rb').read()",
    "own root": "open(f'/proc/self/root{TRUTH}', 'rb').read()",
    "files of the judge": "os.readlink(f'/proc/{JUDGE}/fd/0')",
    "environment of the judge": "open(f'/proc/{JUDGE}/environ', 'rb').read()",
    "environment of the warden": "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "memory of the judge": "open(f'/proc/{JUDGE}/mem', 'rb')",
    "maps of the judge": "open(f'/proc/{JUDGE}/maps', 'rb').read()",
    "trace the judge": "function('ptrace', 16, JUDGE, 0, 0)",
    "trace the warden": "function('ptrace', 0x4206, os.getppid(), 0, 0)",
    "read the judge's memory": "function('process_vm_readv', JUDGE, vector(), 1, vector(), 1, 0)",
    "take a file of the judge": "call(438, call(434, JUDGE, 0), 0, 0)",
    "bind another folder": "function('mount', DATASET.encode(), os.environ['TMPDIR'].encode(), None, 4096, None)",
    "a user namespace to mount in": "(function('unshare', 0x10020000), function('mount', b'/', os.environ['TMPDIR'].encode(), None, 4096, None))",
    "another root": "(os.chroot(DATASET), open('/truth/persons.parquet', 'rb').read())",
    "a disk as a device": "(os.mknod(os.environ['TMPDIR'] + '/b', 0o60600, os.makedev(254, 0)), 'made')",
    "a disk of the system": "open('/dev/vda', 'rb').read(9)",
    "memory of the machine": "open('/dev/mem', 'rb').read(9)",
    "log of the kernel": "open('/dev/kmsg', 'rb', buffering=0).read(9)",
    "preload into cat": "shell(f'LD_PRELOAD={TRUTH} cat {TRUTH}')",
    "a script of its own": "(Path(os.environ['TMPDIR'], 'x.sh').write_text(f'cat {TRUTH}'), shell('sh $TMPDIR/x.sh'))[1]",
    "a thread": "__import__('concurrent.futures').futures.ThreadPoolExecutor(1).submit(lambda: open(TRUTH, 'rb').read()).result()",
    "a fork": "first_bytes(__import__('multiprocessing').get_context('fork').Pool(1).map(open, [TRUTH]))",
}
SEEING = {
    "manifest": "open(DATASET + '/manifest.json').read()",
    "agencies' tables": "open(DATASET + '/ed/attendances.parquet', 'rb').read()",
    "all below": "[Path(d, f).read_bytes() for d, _, fs in os.walk(DATASET) for f in fs][0]",
    "others' answers": "open(RUN + '/links/other.parquet', 'rb').read()",
    "others' unfinished cells": "open(RUN + '/unfinished/cell.parquet', 'rb').read()",
    "results of an earlier run": "open(RUN + '/examples.parquet', 'rb').read()",
    "links beside its file": "Path(__file__).with_name('links.csv').read_text()",
    "a world beside its file": "Path(__file__).with_name('earlier').joinpath('truth').read_text()",
    "home of the judge": "open(HOME + '/.netrc').read()",
    "the folder above its own": "os.listdir(os.path.dirname(os.environ['TMPDIR']))",
    "records before their time": "open(os.environ['TMPDIR'] + '/../given/left.arrow', 'rb').read()",
    "our source": "open(OURS + '/synth/pipeline.py').read()",
    "our history": "os.listdir(OURS + '/.git')",
    "our tests": "open(OURS + '/tests/support/tiny_world.py').read()",
}
REMAKING = {
    "import the simulation": "__import__('darkfigure.synth.pipeline').synth.pipeline.generate",
    "import the scenarios": "__import__('darkfigure.scenarios').scenarios.load_scenario('merthyr')",
    "import the truth": "__import__('darkfigure.linkage_eval.links.truth').linkage_eval.links.truth",
    "import without the finder": "(sys.meta_path.pop(0), sys.path.insert(0, OURS + '/src'), __import__('darkfigure.synth.pipeline').synth.pipeline)",
    "load the simulation by its path": "__import__('runpy').run_path(OURS + '/synth/pipeline.py')",
    "the simulation elsewhere": "shell(f'cd {OURS}/src; {sys.executable} -c \"import darkfigure.synth.pipeline; print(1)\"')",
    "the command": "shell('darkfigure generate merthyr --persons 50 --out $TMPDIR/w && echo made')",
    "the module of the command": "shell(f'{sys.executable} -m darkfigure generate merthyr && echo made')",
    "the world's seed in the manifest": "__import__('json').load(open(DATASET + '/manifest.json'))['seed']",
    "the world's seed as its own": "{41: 'the seed'}[seed]",
    "ids with a version": "{True: 1}[any('-V1' in one or len(one) != 10 for one in left['record_id'].to_pylist())]",
    "ids in the order of people": "{True: 1}[left['surname'].to_pylist() == SURNAMES]",
}
TAMPERING = {
    "write an answer": "open(RUN + '/links/other.parquet', 'w').write('x')",
    "add to an answer": "open(RUN + '/links/other.parquet', 'a').write('x')",
    "cut an answer short": "os.truncate(RUN + '/links/other.parquet', 0)",
    "cut an answer short on opening": "os.open(RUN + '/links/other.parquet', os.O_RDONLY | os.O_TRUNC)",
    "remove an answer": "(os.unlink(RUN + '/links/other.parquet'), 'gone')",
    "put one in its place": "(Path(os.environ['TMPDIR'], 'a').write_text('x'), os.rename(os.environ['TMPDIR'] + '/a', RUN + '/links/other.parquet'), 1)",
    "remove the run": "__import__('shutil').rmtree(RUN)",
    "add to the run": "os.mkdir(RUN + '/more')",
    "add to the truth": "open(DATASET + '/truth/more', 'w')",
    "write to home": "open(HOME + '/.bashrc', 'a').write('x')",
    "write to our code": "open(OURS + '/linkage_eval/hostile.py', 'w')",
    "write to packages": "open(os.path.dirname(np.__path__[0]) + '/hostile.pth', 'w')",
    "write to Python": "open(sys.executable, 'ab')",
    "write to its own file": "open(__file__, 'a')",
    "write beside its own file": "open(os.path.dirname(__file__) + '/more.py', 'w')",
    "write to /tmp": "open('/tmp/hostile', 'w')",
    "write to /etc": "open('/etc/hostile', 'w')",
    "write to the kernel": "open('/proc/sys/kernel/core_pattern', 'w').write('x')",
    "choose what the kernel kills": "open(f'/proc/{JUDGE}/oom_score_adj', 'w').write('1000')",
    "a pipe for the judge": "os.mkfifo(RUN + '/pipe')",
    "set the clock": "function('clock_settime', 0, bytes(16))",
    "load a module": "call(175, bytes(8), 8, b'')",
}
TALKING = {
    "TCP": "socket.create_connection(('127.0.0.1', PORT), 2)",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
    "IPv6": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "raw packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "virtual machine sockets": "socket.socket(40, socket.SOCK_STREAM)",
    "names of the network": "socket.getaddrinfo('example.invalid', 80)",
    "a page": "__import__('urllib.request').request.urlopen(f'http://127.0.0.1:{PORT}', timeout=2)",
    "an abstract socket": "socket.socket(socket.AF_UNIX).connect(ABSTRACT)",
    "a token of the environment": "os.environ['SOME_TOKEN']",
}
FELLING = {
    "kill the judge": "os.kill(JUDGE, 9)",
    "kill the warden": "os.kill(os.getppid(), 9)",
    "stop the warden": "os.kill(os.getppid(), signal.SIGSTOP)",
    "kill by a descriptor": "signal.pidfd_send_signal(os.pidfd_open(JUDGE), 9)",
    "queue a signal": "function('sigqueue', JUDGE, 9, 0)",
    "kill the judge's group": "os.killpg(os.getpgid(JUDGE), 9)",
    "limit the judge": "__import__('resource').prlimit(JUDGE, 0, (1, 1))",
    "limit the warden": "__import__('resource').prlimit(os.getppid(), 7, (0, 0))",
    "join the judge's group": "os.setpgid(0, os.getpgid(JUDGE))",
}

SIDE_DOORS: dict[str, dict[str, str]] = {
    "reading the truth": READING,
    "seeing what else there is": SEEING,
    "making the world again": REMAKING,
    "tampering": TAMPERING,
    "talking": TALKING,
    "felling the judge": FELLING,
}

_OK = "ok"
_GONE = "crashed: it left no answer"
# Bodies of `link`, and what status they come to.
BODIES = {
    # Modes, owners and times are not changed, whatever is said; `test_hostile_linkers` looks.
    "close the run": ("os.chmod(RUN, 0); os.chmod(RUN + '/links', 0); return NOTHING", _OK),
    "give the run away": ("os.chown(RUN, 12345, 12345); return NOTHING", _OK),
    "date the run": ("os.utime(RUN + '/links/other.parquet', (0, 0)); return NOTHING", _OK),
    # How it ends.
    "exit 0": ("sys.exit(0)", "crashed: SystemExit: 0"),
    "exit with words": ("sys.exit('enough')", "crashed: SystemExit: enough"),
    "exit at once": ("os._exit(0)", _GONE),
    "exit at once with a code": ("os._exit(9)", "crashed: exit code 9"),
    "quit": ("quit()", "crashed: (SystemExit|NameError).*"),
    "interrupt": ("raise KeyboardInterrupt", "crashed: KeyboardInterrupt: no message"),
    "a generator's exit": ("raise GeneratorExit", "crashed: GeneratorExit: no message"),
    "a base of its own": ("raise type('Own', (BaseException,), {})('x')", "crashed: Own: x"),
    "abort": ("os.abort()", "crashed: ended by SIGABRT"),
    "segmentation fault": ("ctypes.string_at(1)", "crashed: ended by SIGSEGV"),
    "division in the processor": (
        "os.kill(os.getpid(), signal.SIGFPE)",
        "crashed: ended by SIGFPE",
    ),
    "a real-time signal": ("os.kill(os.getpid(), 37)", "crashed: ended by signal 37"),
    "the last signal": ("os.kill(os.getpid(), 64)", "crashed: ended by (signal 64|SIGRTMAX)"),
    "kill itself": ("os.kill(os.getpid(), 9)", "crashed: ended by SIGKILL"),
    "kill everybody": ("os.kill(-1, 9); return NOTHING", "(ok|crashed: .*)"),
    "kill its group": ("os.killpg(0, 9)", "crashed: ended by SIGKILL"),
    "recursion": ("def f(): f()\nf()", "crashed: RecursionError: .*"),
    "recursion in C": (
        "import json; json.dumps(eval('[' * 90 + ']' * 90)); x = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
        "crashed: .*",
    ),
    "a wrong import": ("import no_such_module", "crashed: ModuleNotFoundError: No module named .*"),
    "nothing raised": ("raise", "crashed: RuntimeError: No active exception.*"),
    # What it says.
    "30 MB of words": ("raise ValueError('x' * 30_000_000)", "crashed: ValueError: x{200,}\u2026"),
    "half characters": ("raise ValueError('a\\ud800b')", "crashed: ValueError: a\\\\ud800b"),
    "escapes": (
        "raise ValueError('\\x1b[2J\\x07red')",
        "crashed: ValueError: \\\\x1b\\[2J\\\\x07red",
    ),
    "right to left": ("raise ValueError('a\\u202eb')", "crashed: ValueError: a\\\\u202eb"),
    "null characters": ("raise ValueError('a\\0b')", "crashed: ValueError: a\\\\x00b"),
    "an error that cannot be told": (
        "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})",
        "crashed: E: no message",
    ),
    "an error whose name is long": (
        "raise type('E' * 100_000, (Exception,), {})",
        "crashed: E{200,}\u2026",
    ),
    "causes in a circle": (
        "a, b = ValueError('a'), ValueError('b'); a.__cause__, b.__cause__ = b, a\nraise a",
        "crashed: ValueError: a",
    ),
    "many errors at once": (
        "raise ExceptionGroup('many', [ValueError(n) for n in range(10**5)])",
        "crashed: ExceptionGroup: many.*",
    ),
    "300 MB on standard error": (
        "for _ in range(300): os.write(2, b'x' * (1 << 20))\nos._exit(7)",
        "crashed: exit code 7: x{200,}\u2026",
    ),
    "300 MB on standard output": (
        "for _ in range(300): os.write(1, b'x' * (1 << 20))\nreturn NOTHING",
        _OK,
    ),
    "bytes on standard error": (
        "os.write(2, bytes(range(256)) * 100); os._exit(7)",
        "crashed: exit code 7: .*",
    ),
    # What it takes.
    "hang": ("time.sleep(600)", "timed out \\(4 s allowed\\)"),
    "spin": ("while True: pass", "timed out \\(4 s allowed\\)"),
    "spin, deaf": (
        "[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]\nwhile True: pass",
        "timed out \\(4 s allowed\\)",
    ),
    "stop itself": ("os.kill(os.getpid(), signal.SIGSTOP)", "timed out \\(4 s allowed\\)"),
    "hang in C": ("libc.pause()", "timed out \\(4 s allowed\\)"),
    "wait for a word": ("sys.stdin.read(); return NOTHING", _OK),
    "memory": ("return bytearray(3 << 30)", "ran out of memory \\(512 MB allowed\\)"),
    "memory in C": (
        "libc.malloc.restype = ctypes.c_void_p; p = libc.malloc(ctypes.c_size_t(2 << 30))\nctypes.memset(p, 1, 2 << 30)",
        "(ran out of memory|crashed: ended by SIGSEGV).*",
    ),
    "memory bit by bit": (
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        "ran out of memory \\(512 MB allowed\\)",
    ),
    "memory of children": (
        "taking = [sys.executable, '-c', \"x = b'x' * (300 << 20); input()\"]\ntwo = [subprocess.Popen(taking, stdin=subprocess.PIPE) for _ in range(2)]\ntwo[0].wait()",
        "ran out of memory \\(512 MB allowed\\)",
    ),
    "memory shared by name": (
        "f = open(f'/dev/shm/hostile-{os.getpid()}', 'wb')\nfor _ in range(700): f.write(bytes(1 << 20))\ntime.sleep(600)",
        "ran out of memory \\(512 MB allowed\\)",
    ),
    "memory shared without a name": (
        "f = os.memfd_create('x')\nfor _ in range(700): os.write(f, bytes(1 << 20))\ntime.sleep(600)",
        "ran out of memory \\(512 MB allowed\\)",
    ),
    "memory mapped by all": (
        "import mmap; m = mmap.mmap(-1, 2 << 30)\nfor n in range(0, 2 << 30, 4096): m[n] = 1",
        "ran out of memory \\(512 MB allowed\\)",
    ),
    "a full folder": (
        "f = os.open(os.environ['TMPDIR'] + '/x', os.O_CREAT | os.O_WRONLY)\nos.posix_fallocate(f, 0, 3 << 30); time.sleep(600)",
        "filled its folder \\(2048 MB allowed\\)",
    ),
    "many processes": (
        "for _ in range(1_100):\n    if os.fork() == 0: time.sleep(600)\ntime.sleep(600)",
        "(started too many processes|ran out of memory).*",
    ),
    "a fork bomb": (
        "for _ in range(7): os.fork()\ntime.sleep(600)",
        "(timed out|ran out of memory|started too many).*",
    ),
    "many threads": (
        "for _ in range(300): threading.Thread(target=time.sleep, args=(600,)).start()\nreturn NOTHING",
        "(ok|crashed: RuntimeError: can't start new thread)",
    ),
    "many files": (
        "for n in range(3_000): open(os.environ['TMPDIR'] + f'/{n}', 'w')\nreturn NOTHING",
        _OK,
    ),
    "many open files": (
        "x = [os.open('/dev/null', 0) for _ in range(10**5)]",
        "crashed: OSError: .*",
    ),
    # What it leaves.
    "a session of its own": (
        "subprocess.Popen(['sleep', '600'], start_new_session=True); return NOTHING",
        _OK,
    ),
    "a fork of a fork": (
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n    [os.close(n) for n in range(3)]\n    time.sleep(600)\nreturn NOTHING",
        _OK,
    ),
    "a deaf child": (
        "signal.signal(15, signal.SIG_IGN); signal.signal(1, signal.SIG_IGN); subprocess.Popen(['sleep', '600']); return NOTHING",
        _OK,
    ),
    "a child that nobody waits for": (
        "signal.signal(17, signal.SIG_IGN); subprocess.Popen(['sleep', '600']); os._exit(0)",
        _GONE,
    ),
    "a child that shrugs off its parent": (
        "if os.fork() == 0:\n    libc.prctl(1, 0); libc.prctl(36, 1)\n    if os.fork() == 0: time.sleep(600)\n    os._exit(0)\nreturn NOTHING",
        _OK,
    ),
    "forks without end": (
        "if os.fork() == 0:\n    os.setsid()\n    for _ in range(3000):\n        if os.fork(): os._exit(0)\nreturn NOTHING",
        _OK,
    ),
    "a thread that never ends": (
        "threading.Thread(target=time.sleep, args=(600,)).start(); return NOTHING",
        _OK,
    ),
    "at exit": ("import atexit; atexit.register(time.sleep, 600); return NOTHING", _OK),
    "at the end of an object": (
        "class D:\n    def __del__(self): time.sleep(600)\nself.d = D(); return NOTHING",
        _OK,
    ),
    "a deep folder": (
        "for _ in range(3_000): os.mkdir('d' if _ else os.environ['TMPDIR'] + '/d'); os.chdir('d' if _ else os.environ['TMPDIR'] + '/d')\nreturn NOTHING",
        _OK,
    ),
    "a folder without rights": ("os.mkdir(os.environ['TMPDIR'] + '/x', 0); return NOTHING", _OK),
    "names of no characters": (
        "os.mkdir(os.environ['TMPDIR'].encode() + b'/\\xff\\n'); return NOTHING",
        _OK,
    ),
    # Its answers.
    "a number": ("return 7", "crashed: TypeError: .*"),
    "nothing": ("return None", "crashed: TypeError: .*"),
    "a text": ("return 'links'", "crashed: .*"),
    "an empty list": ("return []", "crashed: .*"),
    "other columns": ("return {'a': [1]}", "crashed: ValueError: no column left_id.*"),
    "one side": (
        "return {'left_id': left['record_id']}",
        "crashed: ValueError: no column right_id.*",
    ),
    "sides of different lengths": (
        "return {'left_id': left['record_id'], 'right_id': right['record_id'][:1]}",
        "crashed: ArrowInvalid: .*",
    ),
    "an unknown id": (
        "return {'left_id': ['E1'], 'right_id': ['N1']}",
        "returned nonsense: 1 left_id is not among .*",
    ),
    "an id too high": (
        "return {'left_id': ['l000000099'], 'right_id': ['r000000000']}",
        "returned nonsense: 1 left_id is not .*",
    ),
    "an id of strange digits": (
        "return {'left_id': ['l00000000\\u0660'], 'right_id': ['r000000000']}",
        "returned nonsense: 1 left_id .*",
    ),
    "an id that is none": (
        "return {'left_id': [None], 'right_id': ['r000000000']}",
        "returned nonsense: 1 left_id .*",
    ),
    "swapped sides": (
        "return {'left_id': right['record_id'][:1], 'right_id': left['record_id'][:1]}",
        "returned nonsense: 1 left_id .*",
    ),
    "numbers for ids": (
        "return {'left_id': [1], 'right_id': [2]}",
        "returned nonsense: 1 left_id .*",
    ),
    "bytes for ids": (
        "return {'left_id': [b'\\xff'], 'right_id': [b'x']}",
        "(crashed|returned nonsense): .*",
    ),
    "lists for ids": ("return {'left_id': [['x']], 'right_id': [['y']]}", "crashed: Arrow.*"),
    "a pair twice": (
        "return {'left_id': ['l000000000'] * 2, 'right_id': ['r000000000'] * 2}",
        "ok",  # it counts once
    ),
    "no score": (
        "return {'left_id': ['l000000000'], 'right_id': ['r000000000'], 'score': [None]}",
        "returned nonsense: 1 score is .*",
    ),
    "an endless score": (
        "return {'left_id': ['l000000000'], 'right_id': ['r000000000'], 'score': [float('inf')]}",
        "returned nonsense: 1 score is .*",
    ),
    "a score in words": (
        "return {'left_id': ['l000000000'], 'right_id': ['r000000000'], 'score': ['high']}",
        "crashed: ArrowInvalid: .*",
    ),
    "a column twice": (
        "return pa.Table.from_arrays([pa.array(['l000000000'])] * 3, names=['left_id', 'left_id', 'right_id'])",
        "crashed: .*",
    ),
    "a generator": ("yield 1", "crashed: TypeError: .*"),
    "20 million pairs": (
        "n = 20_000_000\nreturn {'left_id': pa.repeat('l000000000', n), 'right_id': pa.repeat('r000000000', n)}",
        "(ran out of memory|returned nonsense: 20,000,000 numbers).*",
    ),
    "statuses without end": (
        "n = 5_000\nreturn {'left_id': pa.repeat('l000000000', n), 'right_id': pa.repeat('r000000000', n), 'status': [str(i) for i in range(n)]}",
        "returned nonsense: more than 1,000 different statuses",
    ),
    # Files in place of its answer, and words in its name.
    "forged numbers": (
        "answer(left=[5], right=[99]); say('linked'); time.sleep(600)",
        "returned nonsense: 1 right_id is not .*",
    ),
    "forged negative rows": (
        "answer(left=[-1], right=[0]); say('linked'); time.sleep(600)",
        "returned nonsense: 1 left_id is not .*",
    ),
    "forged lengths": (
        "answer(left=[0], right=[0, 1]); say('linked'); time.sleep(600)",
        "returned nonsense: links of different lengths",
    ),
    "no files": ("say('linked'); time.sleep(600)", "returned nonsense: no answer was left"),
    "odd files": (
        "answer(); open(WORK + '/left', 'w').write('odd'); say('linked'); time.sleep(600)",
        "returned nonsense: left is no file of numbers",
    ),
    "a pipe": (
        "answer(); os.unlink(WORK + '/left'); os.mkfifo(WORK + '/left'); say('linked'); time.sleep(600)",
        "returned nonsense: left is no file of numbers",
    ),
    "a link to zeros": (
        "answer(); os.unlink(WORK + '/left'); os.symlink('/dev/zero', WORK + '/left'); say('linked'); time.sleep(600)",
        "returned nonsense: no answer was left",
    ),
    "a link to the truth": (
        "answer(); os.unlink(WORK + '/left'); os.symlink(TRUTH, WORK + '/left'); say('linked'); time.sleep(600)",
        "returned nonsense: no answer was left",
    ),
    "a folder for a file": (
        "answer(); os.unlink(WORK + '/left'); os.mkdir(WORK + '/left'); say('linked'); time.sleep(600)",
        "returned nonsense: .*",
    ),
    "a terabyte of nothing": (
        "answer(); os.truncate(os.open(WORK + '/left', os.O_WRONLY), 1 << 40); say('linked'); time.sleep(600)",
        "returned nonsense: 137,438,953,472 numbers.*",
    ),
    "a forged status": (
        "answer(left=[0], right=[0]); say('linked', statuses=[1, {}]); time.sleep(600)",
        "returned nonsense: no answer was left",
    ),
    "statuses of half characters": (
        "answer(left=[0], right=[0]); np.array([0], '<i8').tofile(WORK + '/status'); say('linked', statuses=['\\ud800']); time.sleep(600)",
        "returned nonsense: a status that is no text",
    ),
    "words that mean nothing": (
        "os.write(SAY, b'nonsense\\n'); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "words of another sort": (
        "os.write(SAY, b'[[[1]]]\\n'); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "deep words": (
        "os.write(SAY, b'[' * 10**5 + b'\\n'); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "words without end": (
        "while True: os.write(SAY, b'x' * 4096)",
        "(said too much to its supervisor|crashed: BrokenPipeError.*)",
    ),
    "ready twice": (
        "say('ready'); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "told before asked": (
        "say('compared'); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "the judge's words": (
        "say('ended', failure='', peak_mb=-1); time.sleep(600)",
        "said what its supervisor does not understand",
    ),
    "a failure in its own words": (
        "say('failed', why='\\x1b' * 10**5); time.sleep(600)",
        "(\\\\x1b){70,}.*\u2026",
    ),
    "no words any more": ("os.close(SAY); return NOTHING", "crashed: .*"),
    "nothing to write on": ("os.closerange(0, 200); return NOTHING", "crashed: .*"),
    "forged files of old": (
        "open(WORK + '/said.json', 'w').write('{\"wall_seconds\": NaN}'); return NOTHING",
        _OK,
    ),
    # What runs beside it.
    "no time": ("time.perf_counter = time.monotonic = time.time = lambda: 0; return NOTHING", _OK),
    "another json": (
        "import json; json.dumps = lambda *a, **k: '{}'; return NOTHING",
        "said what its supervisor .*",
    ),
    "no writing": ("os.write = lambda *a: 0; return NOTHING", "timed out \\(4 s allowed\\)"),
    "no modules": ("sys.modules.clear(); return NOTHING", "(ok|crashed: .*)"),
    "no builtins": ("import builtins; vars(builtins).clear(); return NOTHING", "crashed: .*"),
    "an audit hook": ("sys.addaudithook(lambda *a: 1 / 0); open('/dev/null')", "crashed: .*"),
    "a tracer": ("sys.settrace(lambda *a: 1 / 0); return NOTHING", "(ok|crashed: .*)"),
    "no Arrow": ("del pa.Table; return NOTHING", "crashed: .*"),
    "no environment": ("os.environ.clear(); return NOTHING", _OK),
    "no files allowed": (
        "__import__('resource').setrlimit(7, (3, 3)); return NOTHING",
        "(ok|crashed: .*)",
    ),
    "no file size": (
        "signal.signal(25, signal.SIG_IGN); __import__('resource').setrlimit(1, (0, 0)); return {'left_id': ['l000000000'], 'right_id': ['r000000000']}",
        "crashed: .*",
    ),
    "a timer": ("signal.setitimer(0, 0.01); time.sleep(600)", "crashed: ended by SIGALRM"),
    "records taken away": (
        "[os.unlink(os.path.join(WORK, n)) for n in os.listdir(WORK) if n.endswith('arrow')]; return NOTHING",
        _OK,
    ),
    "its folder taken away": (
        "__import__('shutil').rmtree(WORK, True); os.rmdir(WORK)",
        "crashed: .*",
    ),
}

# Modules, which may fail before there is a linker.
MODULES = {
    "no class": ("x = 1", "failed: There is no linker in .* called 'Mine'.*"),
    "no syntax": ("class Mine:", "crashed: (SyntaxError|IndentationError): .*"),
    "null bytes": ("\0", "crashed: (SyntaxError|ValueError): .*"),
    "an error on import": ("1 / 0", "crashed: ZeroDivisionError: .*"),
    "an exit on import": ("import sys; sys.exit(0)", "crashed: SystemExit: 0"),
    "an end on import": ("import os; os._exit(0)", "crashed: it left no answer"),
    "a hang on import": ("import time; time.sleep(600)", "timed out .*"),
    "links on import": (
        'import os; os.write(SAY, b\'{"event": "linked"}\\n\'); import time; time.sleep(600)',
        "said what its supervisor .*",
    ),
    "ready on import, twice": (
        'import os; os.write(SAY, b\'{"event": "ready"}\\n\'); class_ = 1',
        "failed: There is no linker.*",
    ),
    "records on import": (
        "import os; open(os.environ['TMPDIR'] + '/left.arrow')",
        "crashed: FileNotFoundError: .*",
    ),
    "no method": ("class Mine: name = 'mine'", "failed: .* is no linker: it needs .*"),
    "no name": (
        "class Mine:\n    def link(self, left, right, *, seed): pass",
        "failed: .* is no linker.*",
    ),
    "no constructor": (
        "class Mine:\n    def __init__(self): raise ValueError('no')",
        "crashed: ValueError: no",
    ),
    "arguments to construct": (
        "class Mine:\n    def __init__(self, a): pass",
        "failed: linker .*: missing a required argument.*",
    ),
    "no class but a number": ("Mine = 7", "failed: linker .*"),
    "anything it is asked": (
        "class Mine:\n    def __getattr__(self, name): return self",
        "failed: .*",
    ),
    "a name that fails": (
        "class Mine:\n    name = property(lambda s: 1 / 0)\n    def link(self, left, right, *, seed): pass",
        "crashed: ZeroDivisionError.*",
    ),
    "other arguments": (
        "class Mine:\n    name = 'mine'\n    def link(self, left): pass",
        "crashed: TypeError: .*",
    ),
    "a coroutine": (
        "class Mine:\n    name = 'mine'\n    async def link(self, left, right, *, seed): pass",
        "crashed: TypeError: .*",
    ),
    "a student without a teacher": (
        "class Mine:\n    name = 'mine'\n    def fit(self, *a): pass\n    def link(self, *a, **k): pass",
        "failed: it learns from labels.*",
    ),
    "a module in Arrow's name": (
        "import sys; sys.modules['pyarrow.parquet'] = None\nclass Mine:\n    name = 'mine'\n    def link(self, *a, **k): return {'left_id': [], 'right_id': []}",
        "(ok|crashed: .*)",
    ),
}
# What `block` gives beside links that are right.
BLOCKS = {
    "floats": ("return np.array([0.5]), np.array([0.5])", "returned nonsense: block.*whole.*"),
    "texts": ("return np.array(['a']), np.array(['b'])", "returned nonsense: block.*whole.*"),
    "negative rows": (
        "return np.array([-1]), np.array([0])",
        "returned nonsense: 1 row of block.*",
    ),
    "rows out of range": (
        "return np.array([0]), np.array([10**9])",
        "returned nonsense: 1 row of block.*",
    ),
    "rows past all numbers": (
        "return np.array([2**64 - 1], 'u8'), np.array([0])",
        "returned nonsense: 1 row of block.*",
    ),
    "different lengths": ("return np.arange(2), np.arange(3)", "returned nonsense: block.*lengths"),
    "nothing": ("return None", "crashed: AttributeError: .*"),
    "three sides": ("return np.arange(1), np.arange(1), np.arange(1)", "crashed: ValueError: .*"),
    "truth values": (
        "return np.array([True]), np.array([True])",
        "returned nonsense: block.*whole.*",
    ),
    "objects": (
        "return np.array([object()]), np.array([object()])",
        "returned nonsense: block.*whole.*",
    ),
    "an error": ("raise RuntimeError('no')", "crashed: RuntimeError: no"),
    "an exit": ("os._exit(3)", "crashed: exit code 3"),
    "a hang": ("time.sleep(600)", "timed out .*"),
    "too much memory": ("return bytearray(3 << 30)", _OK),
    "too many": ("n = 20_000_000; return np.zeros(n, 'i8'), np.zeros(n, 'i8')", _OK),
    "another answer": ("answer(left=[0], right=[0]); return np.arange(1), np.arange(1)", _OK),
}


def cases(places: Mapping[str, object]) -> Iterator[Case]:
    """Give every case.

    Parameters
    ----------
    places
        Names that sources use, such as TRUTH, with their values.
    """
    told = "\n".join(f"{name} = {value!r}" for name, value in places.items())
    head = _HEAD.format(places=told)
    own = _OWN
    for name, doors in SIDE_DOORS.items():
        tried = "".join(f"    {door!r}: lambda: {how},\n" for door, how in doors.items())
        body = textwrap.indent(f"return opened({{\n{tried}}})", " " * 8)
        yield f"side doors: {name}", head + _LINK.format(body=body), _OK
    for name, (body, status) in BODIES.items():
        source = head + own + _LINK.format(body=textwrap.indent(body, " " * 8))
        yield f"body: {name}", source, status
    for name, (source, status) in MODULES.items():
        needed = own if "SAY" in source else ""
        yield f"module: {name}", f"import os, sys\n{needed}{source}\n" if needed else source, status
    for name, (body, status) in BLOCKS.items():
        block = f"    def block(self, left, right):\n{textwrap.indent(body, ' ' * 8)}\n"
        yield (
            f"block: {name}",
            head + own + _LINK.format(body=" " * 8 + "return NOTHING") + block,
            status,
        )


# How a linker speaks in the name of what runs beside it.
_OWN = """
WORK = os.environ["TMPDIR"]
def _find():
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name == "main" and "say" in frame.f_locals:
            return frame.f_locals["say"]
        frame = frame.f_back

SAY = _find()

def say(event, **told):
    import json
    os.write(SAY, json.dumps({"event": event, **told}).encode() + b"\\n")

def answer(left=(), right=(), score=None):
    score = [1.0] * len(left) if score is None else score
    for name, held, kind in (("left", left, "<i8"), ("right", right, "<i8"), ("score", score, "<f8")):
        np.array(held, kind).tofile(f"{WORK}/{name}")
"""
