"""The limits of the server in numbers, enforced before work begins; ``server/bounds.py`` tells them in words."""

import os


def _total() -> int:
    """8 GB, or half of the machine's memory where that is less and the system tells it."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 16 << 30
    return min(8 << 30, memory // 2)


MESSAGE_BYTES = 1 << 20  # of one command
STATE_BYTES = 384 << 20  # of all tensors of one moment
HISTORY_BYTES = 32 << 20  # of a run's recent states and checkpoints ...
LEAST_HISTORY_BYTES = 1 << 20  # ... and where there are many large runs, so many at least
WAITING_BYTES = 64 << 20  # of answers that wait to be sent to one page, before it is answered further
TOTAL_BYTES = _total()  # of all runs together
SESSIONS = 256
RUNS = 8  # of one session
FIRST = "first"  # the name of the run that commands mean which name none
LANDMARK_BYTES = 8 << 20  # of the tensors that a page keeps, so that its run goes on at another server
SCRIPT_STEPS = 100_000  # of the training of a program to take along ...
CARRIED_BYTES = 8 << 20  # ... and of the arrays that come with it
CHECKPOINT_BYTES = 128 << 20  # of one checkpoint's file
CHECKPOINTS = 64  # that are kept, for all sessions of a process together ...
CHECKPOINTS_BYTES = 512 << 20  # ... and what they may take
TABLE_BYTES = 128 << 20  # of one table of a person's own data
TABLES = 64  # that are kept, for all sessions of a process together ...
TABLES_BYTES = 512 << 20  # ... and what their columns may take
CAUSE_SECONDS = 20.0  # for the search of the cause of what disagrees in a recorded run
RECORDINGS = 32  # recorded runs that are kept, for all sessions of a process together ...
RECORDINGS_BYTES = 512 << 20  # ... and what their arrays may take
UPLOADS = 4  # checkpoints and tables that are read at the same time; further ones wait
UPLOAD_SECONDS = 120  # for a file to come in ...
STALL_SECONDS = 5  # ... and for the next part of it, so that one that stalls makes room for others
DEPTH = 32  # of lists and mappings in each other
PENDING = 8  # commands of one page that wait for their answers; more are not read before
SEEK_SECONDS = 0.03  # a seek answers after about this long with the moment it has reached
ASK_SECONDS = 1.0  # an evaluation stops after about this long and says how many examples it saw
PREDICTION_SECONDS = 2.0  # of a core, for the search for the prediction that a seed stands for
MAP_SMALL = 4e8  # numbers computed or multiplied by a map that needs no other process ...
MAP_WORK = 5e11  # ... and the most by one on all cores of this machine ...
MAP_WORK_OF_CLUSTER = 5e12  # ... and on a cluster
MAPS = 8  # that are kept, for all sessions of a process together
PART_SECONDS = 0.01  # a part of an evaluation takes about this long, so that a seek can be answered after it
