"""Download one file for pooch, going on where an earlier attempt stopped.

Pooch checks the checksum and moves a finished file into place, but starts from the first byte each time.
:class:`ResumingDownloader` keeps what has arrived beside the target (``NAME.part``) and asks the server for the rest
only, if the server can say that the file is still the same one.
"""

import contextlib
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

CHUNK = 16 * 1024  # bytes; when a connection breaks, up to one chunk is lost inside the HTTP library
TIMEOUT = (15, 60)  # seconds to connect, and without a byte


class DownloadError(Exception):
    """A download failed; the message is one sentence for the person who asked for it."""


class NoConnectionError(DownloadError):
    """The server could not be reached at all."""


class _CutOffError(Exception):
    """The connection broke while bytes were coming in."""


class ResumingDownloader:
    """A downloader for pooch that goes on where an earlier attempt stopped.

    A part is used only if the server names the file's version (ETag or Last-Modified) as it did before, sends the
    range that was asked for, and the file's length has not changed. In every other case the part is replaced. A file
    is handed over when all of its bytes are there.

    Parameters
    ----------
    part : Path
        Where to keep the bytes of an unfinished download. A small ``.json`` beside it names the version they belong to.
    progress : bool, default True
        Show a bar (on a terminal only).
    attempts : int, default 5
        How often to try again in one go when the connection breaks.
    wait : float, default 1.0
        Seconds before the second attempt; twice as long before each further one.
    has_checksum : bool, default True
        Whether pooch will check the file. Without a checksum a server that tells no length is refused, because half a
        file would look whole.
    """

    def __init__(self, part, *, progress=True, attempts=5, wait=1.0, has_checksum=True):
        self.part = Path(part)
        self.version_file = self.part.with_name(self.part.name + ".json")
        self.progress = progress
        self.attempts = attempts
        self.wait = wait
        self.has_checksum = has_checksum

    def __call__(self, url, output_file, pooch, check_only=False):
        """Download `url` and move it to `output_file`: the contract of pooch's downloaders."""
        self.part.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(self.attempts):
            before = self._size()
            try:
                self._transfer(url, again=attempt > 0)
                break
            except _CutOffError as error:
                if attempt + 1 == self.attempts or (attempt and self._size() <= before):
                    raise DownloadError(self._cut_off_message(url)) from error
                time.sleep(self.wait * 2**attempt)
        self.part.replace(output_file)
        self.version_file.unlink(missing_ok=True)

    def _size(self):
        return self.part.stat().st_size if self.part.exists() else 0

    def _cut_off_message(self, url):
        from labutils.datasets.store import readable

        kept = (
            f"{readable(self._size())} are kept: run the command again to go on"
            if self._size()
            else "run the command again"
        )
        return (
            f"The connection to {urlsplit(url).netloc} broke off while {Path(urlsplit(url).path).name} came in; {kept}."
        )

    def _transfer(self, url, *, again):
        """Ask for the missing bytes once, and add them to the part."""
        import requests

        have = self._size()
        headers = {"Accept-Encoding": "identity"} | (self._range(url, have) if have else {})
        with _speaking_of(url, have, again=again):
            response = requests.get(url, headers=headers, stream=True, timeout=TIMEOUT)
        with response:
            if response.status_code == 416:  # nothing is left to send, or the file has become shorter: start afresh
                self._forget()
                raise _CutOffError
            _check_answer(response, url)
            start = have if response.status_code == 206 else 0
            total = self._total(response, start)
            if start and not self._continues(response, start, total):
                self._forget()
                raise _CutOffError
            self._remember(url, response, total)
            self._receive(response, start, total)

    def _range(self, url, have):
        """Return the headers that ask for the missing bytes, or none if nothing vouches for the bytes that are here."""
        version = self._version()
        if version.get("url") != url:
            return {}
        if version.get("validator"):
            return {"Range": f"bytes={have}-", "If-Range": version["validator"]}
        return {"Range": f"bytes={have}-"} if self.has_checksum else {}

    def _receive(self, response, start, total):
        import requests
        from tqdm import tqdm

        bar = tqdm(
            total=total,
            initial=start,
            unit="B",
            unit_scale=True,
            desc=self.part.stem,
            disable=None if self.progress else True,
        )
        with bar, self.part.open("ab" if start else "wb") as file:
            try:
                for chunk in response.iter_content(CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
            except requests.exceptions.RequestException as error:
                raise _CutOffError from error
        if total is not None and self._size() != total:
            if self._size() > total:
                self._forget()
            raise _CutOffError

    def _total(self, response, start):
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and response.headers.get("Content-Encoding", "identity") == "identity":
            return start + int(length)
        if response.headers.get("Transfer-Encoding", "").lower() != "chunked" and not self.has_checksum:
            raise DownloadError(
                f"{urlsplit(response.url).netloc} does not tell how long {self.part.stem} is and no checksum is published, "
                "so half a file could not be told from a whole one: download it by hand."
            )
        return None

    def _version(self):
        """Return which version of the file the part belongs to: {"url", "validator", "total"}, or {} if that is not known."""
        try:
            return dict(json.loads(self.version_file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def _continues(self, response, start, total):
        """Tell whether a partial answer begins where the part ends, in a file of the same length as before."""
        begins = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        return begins and self._version().get("total") in (None, total)

    def _remember(self, url, response, total):
        tag = response.headers.get("ETag", "")
        # A weak tag (W/"…") promises the same meaning, not the same bytes, so it cannot vouch for a range.
        validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
        self.version_file.write_text(json.dumps({"url": url, "validator": validator, "total": total}), encoding="utf-8")

    def _forget(self):
        self.part.unlink(missing_ok=True)
        self.version_file.unlink(missing_ok=True)


def _check_answer(response, url):
    host, name = urlsplit(url).netloc, Path(urlsplit(url).path).name
    if response.status_code in (401, 403):
        raise DownloadError(
            f"{host} refuses to send {name} (status {response.status_code}): it may ask for a login now."
        )
    if response.status_code == 404:
        raise DownloadError(f"{host} has no {name} any more (status 404): the file may have moved.")
    if response.status_code not in (200, 206):
        raise DownloadError(f"{host} could not send {name} (status {response.status_code}): try again later.")
    if response.headers.get("Content-Type", "").startswith("text/html") and not name.endswith((".html", ".htm")):
        raise DownloadError(f"{host} sent a web page instead of {name}: it may ask for a login, or the file has moved.")


@contextlib.contextmanager
def _speaking_of(url, have, *, again):
    """Turn the many ways in which a server cannot be reached into one sentence each."""
    import requests.exceptions as wrong

    from labutils.datasets.store import readable

    host = urlsplit(url).netloc
    kept = f" ({readable(have)} of the file are kept)" if have else ""
    try:
        yield
    except wrong.SSLError as error:
        raise NoConnectionError(
            f"No secure connection to {host}: check this machine's clock and certificates{kept}."
        ) from error
    except (wrong.ConnectionError, wrong.Timeout) as error:
        if again:  # it worked a moment ago
            raise _CutOffError from error
        raise NoConnectionError(
            f"No connection to {host}: check the network and run the command again{kept}."
        ) from error
    except (wrong.RequestException, ValueError) as error:
        raise DownloadError(f"The address {url} cannot be used ({type(error).__name__}).") from error
