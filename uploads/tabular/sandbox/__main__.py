"""The warm process: loads the libraries once, then forks one limited child for each file it is asked to read."""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from uploads.tabular.sandbox.channel import Channel, ChannelClosed
from uploads.tabular.sandbox.guards import Guard, leave_network
from uploads.tabular.sandbox.limits import confine_to, limit_process
from uploads.tabular.sandbox.messages import GRACE_SECONDS, Request
from uploads.tabular.sandbox.rooms import Room, Rooms
from uploads.tabular.sandbox.session import read_file
from uploads.tabular.sandbox.warm_up import rehearse

READ_SIZE = 2**16
YOUNG_OBJECTS = 100_000
"""Until so many are new, nothing is looked through: Python's 2,000 are a few rows of a sheet, which are never garbage
in a circle, and looking at them takes a tenth of turning them into text."""


def main() -> None:
    """Answer requests on standard input, a Unix socket, until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which then closes the socket
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # so is the end of a whole service: its load may finish first
    rehearse()
    gc.freeze()  # the libraries' objects stay: looking through them again and again takes a tenth of reading a sheet
    gc.set_threshold(YOUNG_OBJECTS)
    is_apart = leave_network()
    control, rooms = socket.socket(fileno=os.dup(0)), Rooms()
    try:
        accepted = _serve(control, rooms, is_apart=is_apart)
    except ConnectionError:
        rooms.clear_all()
        os._exit(1)  # the worker is gone in the middle of an answer
    if accepted is None:
        rooms.clear_all()
        return
    control.close()
    connection, request, room = accepted
    limit_process(request.bounds)
    room.enter()
    confine_to(Path(request.path), room=room.path)
    try:
        read_file(Channel(connection), request)
    except ChannelClosed:
        os._exit(1)  # whoever wanted to hear is gone, and its supervisor says so: no fault of this process to log
    sys.stderr.flush()
    # All is said and every file closed: taking the libraries apart one by one costs 0.12 s, half of a small load.
    os._exit(0)


def _serve(control: socket.socket, rooms: Rooms, *, is_apart: bool) -> tuple[socket.socket, Request, Room] | None:
    """Have a child ready for each ``read``; returns in the child with its work, in the parent with nothing at the end.

    The child is forked before its file comes, which spares a small file the 3 ms of it.
    """
    children: set[int] = set()
    leaving: dict[int, float] = {}
    spare = again = None
    while True:
        if spare is None:
            ours, theirs = socket.socketpair()
            room = rooms.make()
            pid = os.fork()
            if pid == 0:
                control.close()
                ours.close()
                return _accept(theirs, room)
            theirs.close()
            rooms.give(pid, room)
            spare = pid, ours
        _see_off(leaving, control, rooms)
        order, descriptor = again or _receive(control)
        again = None
        if order is None:
            return None
        if order["kind"] == "guards":
            _say(control, {"guards": [*_guards(), *([Guard.NETWORK] if is_apart else [])]})
            continue
        if order["kind"] == "wait":
            _say(control, {"status": _exit_code(order["pid"], children, rooms)})
            continue
        if order["kind"] == "leave":
            if order["pid"] in children:  # not one of a process that was here before
                children.remove(order["pid"])
                leaving[order["pid"]] = time.monotonic() + GRACE_SECONDS
            _say(control, {})
            continue
        pid, child = spare
        spare = None
        try:
            with child:
                _say(child, order, descriptor)
        except ConnectionError:  # somebody has killed it while it waited
            os.waitpid(pid, 0)
            rooms.clear(pid)
            again = order, descriptor
            continue
        os.close(descriptor)
        children.add(pid)
        _say(control, {"pid": pid})


def _see_off(leaving: dict[int, float], control: socket.socket, rooms: Rooms) -> None:
    """Until there is an order, wait for children that are done, and kill one that has not ended by its time: a file may
    have it sleep, with all of its memory."""
    while leaving:
        for pid, kill_at in list(leaving.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del leaving[pid]
                rooms.clear(pid)
            elif time.monotonic() >= kill_at:
                os.kill(pid, signal.SIGKILL)
        if select.select([control], [], [], GRACE_SECONDS)[0]:
            return


def _exit_code(pid: int, children: set[int], rooms: Rooms) -> int | None:
    """Of a child that has ended, negative for a signal; ``None`` while it lives. Those of a process that was here
    before died with it."""
    if pid not in children:
        return -signal.SIGKILL
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        return None
    children.remove(pid)
    rooms.clear(pid)
    return os.waitstatus_to_exitcode(status)


def _guards() -> list[Guard]:
    """Which guards a child has here: one is made that only tells."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        held = confine_to(None, room=None)
        os.write(theirs, json.dumps(sorted(held)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        found: list[Guard] = json.loads(told.read())
    os.waitpid(pid, 0)
    return found


def _accept(control: socket.socket, room: Room) -> tuple[socket.socket, Request, Room] | None:
    """Wait for the one order of a child; nothing if its parent is gone."""
    with control:
        order, descriptor = _receive(control)
    return None if order is None else (socket.socket(fileno=descriptor), Request.from_json(order["request"]), room)


def _receive(control: socket.socket) -> tuple[dict[str, Any] | None, int]:
    """An order and the descriptor that came with it, if one did."""
    message, descriptors, _, _ = socket.recv_fds(control, READ_SIZE, 1)
    while message and not message.endswith(b"\n"):
        message += control.recv(READ_SIZE)
    return json.loads(message) if message else None, descriptors[0] if descriptors else -1


def _say(control: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    data = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(control, [data], [descriptor]) if descriptor is not None else 0
    if sent < len(data):  # to send nothing is an error too, where a child has heard enough and closed its end
        control.sendall(data[sent:])


if __name__ == "__main__":
    main()
