"""Whole messages over a socket: a length, then that many bytes, never more than was agreed."""

import select
import socket
import struct
import time

HEADER = struct.Struct("!Q")
LARGEST = 110 * 2**20


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

    def send(self, message, timeout=None):
        """Send one message, or raise."""
        if len(message) > self.largest:
            raise MessageTooLarge(f"a message of {len(message) / 2**20:.0f} MB is too large to cross")
        self._guard(timeout)
        try:
            self.socket.sendall(HEADER.pack(len(message)) + message)
        except TimeoutError:
            raise ChannelTimeout("the other side does not listen") from None
        except OSError:
            raise ChannelClosed("the other side is gone") from None

    def receive(self, timeout=None):
        """Wait for one whole message; the time counts for all of it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        (length,) = HEADER.unpack(self._exactly(HEADER.size, deadline))
        if length > self.largest:
            raise MessageTooLarge(f"a message of {length / 2**20:.0f} MB was announced")
        return self._exactly(length, deadline)

    def ready(self, timeout=0.0):
        """Tell whether something can be read now."""
        return bool(select.select([self.socket], [], [], timeout)[0])

    def close(self):
        """Close this end."""
        self.socket.close()

    def _exactly(self, count, deadline):
        data = bytearray()
        while len(data) < count:
            self._guard(None if deadline is None else max(0.0, deadline - time.monotonic()))
            try:
                part = self.socket.recv(min(count - len(data), 1 << 20))
            except (TimeoutError, BlockingIOError):
                raise ChannelTimeout("the other side did not answer in time") from None
            except OSError:
                raise ChannelClosed("the other side is gone") from None
            if not part:
                raise ChannelClosed("the other side is gone")
            data += part
        return bytes(data)

    def _guard(self, timeout):
        self.socket.settimeout(timeout)
