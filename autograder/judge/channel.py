"""Whole messages over a socket: a length, then that many bytes, never more than was agreed."""

import select
import socket
import struct
import time

HEADER = struct.Struct("!Q")
LARGEST = 110 * 2**20
POLL = 0.05  # seconds between two looks at the clock


class ChannelClosed(ConnectionError):
    """The other side is gone."""


class ChannelTimeout(TimeoutError):
    """The other side did not say anything in time."""


class MessageTooLarge(ValueError):
    """A message is larger than what may cross."""


class Channel:
    """One end of a pair.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket. The channel owns it.
    largest : int
        Bytes in one message.
    """

    def __init__(self, sock, largest=LARGEST):
        self.socket, self.largest = sock, largest
        sock.setblocking(True)

    @classmethod
    def pair(cls):
        """Make two connected sockets; wrap each with a channel in its own process."""
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)

    def fileno(self):
        """For select."""
        return self.socket.fileno()

    def send(self, message, timeout=None, waiting=None):
        """Send one message, or raise; ``waiting`` as for :meth:`receive`."""
        if len(message) > self.largest:
            raise MessageTooLarge(f"a message of {len(message) / 2**20:.0f} MB is too large to cross")
        deadline = None if timeout is None else time.monotonic() + timeout
        rest = memoryview(HEADER.pack(len(message)) + message)
        while rest:
            self._await(deadline, waiting, write=True)
            try:
                rest = rest[self.socket.send(rest) :]
            except (TimeoutError, BlockingIOError):
                continue
            except OSError:
                raise ChannelClosed("the other side is gone") from None

    def receive(self, timeout=None, *, largest=None, waiting=None):
        """Wait for one whole message; the time counts for all of it.

        Parameters
        ----------
        timeout : float, optional
            Seconds.
        largest : int, optional
            Bytes, if less is expected than may cross.
        waiting : callable, optional
            Called again and again until all of it is here, however fast or slowly it comes; ends the waiting by raising.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        (length,) = HEADER.unpack(self._exactly(HEADER.size, deadline, waiting))
        if length > (largest or self.largest):
            raise MessageTooLarge(f"a message of {length / 2**20:.0f} MB was announced")
        return self._exactly(length, deadline, waiting)

    def ready(self, timeout=0.0):
        """Tell whether something can be read now."""
        return bool(select.select([self.socket], [], [], timeout)[0])

    def close(self):
        """Close this end."""
        self.socket.close()

    def _exactly(self, count, deadline, waiting):
        data = bytearray()
        while len(data) < count:
            self._await(deadline, waiting)
            try:
                part = self.socket.recv(min(count - len(data), 1 << 20))
            except (TimeoutError, BlockingIOError):
                continue
            except OSError:
                raise ChannelClosed("the other side is gone") from None
            if not part:
                raise ChannelClosed("the other side is gone")
            data += part
        return bytes(data)

    def _await(self, deadline, waiting, *, write=False):
        """Come back when the socket is ready; look at the clock, and call ``waiting`` in any case once."""
        if deadline is None and waiting is None:
            self._block(None)
            return
        self._block(0)
        while True:
            if waiting is not None:
                waiting()
            left = POLL if deadline is None else min(POLL, deadline - time.monotonic())
            if left < 0:
                raise ChannelTimeout("the other side did not answer in time")
            try:
                if any(select.select([] if write else [self.socket], [self.socket] if write else [], [], left)):
                    return
            except (ValueError, OSError):
                raise ChannelClosed("this end is closed") from None

    def _block(self, timeout):
        try:
            self.socket.settimeout(timeout)
        except OSError:
            raise ChannelClosed("this end is closed") from None
