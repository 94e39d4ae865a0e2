"""Submissions and the queue, on both databases: one receipt, one place in the queue, one result."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sql

from autograder.grading import records
from autograder.service import blobs, jobs, schema, store
from autograder.service.store import Refusal, Rules, Sent

NO_RULES = Rules()
WEEK = "course1_tiny/week1_hearts"
FINE = {"state": "graded", "score": 3, "max_score": 4, "exercises": [], "message": "", "notes": [], "seconds": 0.1}


def send(db, folder, content=b"one", learner="ada", received=1000.0, rules=NO_RULES, late=""):
    return store.keep(db, folder, Sent(learner, WEEK, "assignment", received, late), content, rules)


def test_a_submission_is_kept_queued_and_seen(db, tmp_path):
    identifier, new = send(db, tmp_path, late="2 days late")
    seen = store.view(db, identifier)
    assert new
    assert seen["state"] == "queued"
    assert (seen["position"], seen["attempt"], seen["late"]) == (0, 1, "2 days late")
    assert seen["received"] == "1970-01-01T00:16:40+00:00"
    assert blobs.get(tmp_path, seen["sha256"]) == b"one"
    assert jobs.count(db) == {"queued": 1, "running": 0, "done": 0, "undelivered": 0}


def test_the_same_content_is_the_same_submission_for_its_author_only(db, tmp_path):
    first, _ = send(db, tmp_path)
    again, new = send(db, tmp_path, received=2000.0)
    other, _ = send(db, tmp_path, learner="bob")
    assert (again, new) == (first, False)
    assert other != first
    assert jobs.count(db)["queued"] == 2


def test_twenty_clicks_at_once_make_one_submission_and_different_contents_count_up(db, tmp_path):
    with ThreadPoolExecutor(20) as crowd:
        same = list(crowd.map(lambda _: send(db, tmp_path), range(20)))
        different = list(crowd.map(lambda n: send(db, tmp_path, content=b"%d" % n), range(20)))
    assert len({identifier for identifier, _ in same}) == 1
    assert sum(new for _, new in same) == 1
    attempts = sorted(store.view(db, identifier)["attempt"] for identifier, _ in different)
    assert attempts == list(range(2, 22))


def test_attempts_are_limited_also_for_twenty_at_once(db, tmp_path):
    def click(number):
        try:
            return send(db, tmp_path, content=b"%d" % number, rules=Rules(attempts=3))
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(click, range(20)))
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 17
    assert {refusal.status for refusal in refused} == {409}
    assert refused[0].words.startswith("You have used all 3 attempts at this notebook")


def test_a_cooldown_says_how_long(db, tmp_path):
    send(db, tmp_path, rules=Rules(cooldown=60))
    with pytest.raises(Refusal, match="Please wait 51 seconds") as refused:
        send(db, tmp_path, content=b"two", received=1010.0, rules=Rules(cooldown=60))
    assert (refused.value.status, refused.value.retry_after) == (429, 51)
    assert send(db, tmp_path, content=b"two", received=1060.0, rules=Rules(cooldown=60))[1]


def test_a_failure_of_ours_is_no_attempt(db, tmp_path):
    send(db, tmp_path)
    jobs.finish(db, jobs.take(db, 1.0), records.record_without_grade("x", records.FAILED, "ours"), "", 2.0)
    assert send(db, tmp_path, content=b"two", rules=Rules(attempts=1, cooldown=10**6))[1]
    with pytest.raises(Refusal, match="all 1 attempts"):
        send(db, tmp_path, content=b"three", rules=Rules(attempts=1))


def test_a_refused_or_broken_submission_leaves_nothing_behind(db, tmp_path, monkeypatch):
    send(db, tmp_path)
    with pytest.raises(Refusal):
        send(db, tmp_path, content=b"two", rules=Rules(attempts=1))
    monkeypatch.setattr(schema.jobs, "insert", lambda: (_ for _ in ()).throw(RuntimeError("between the two")))
    with pytest.raises(RuntimeError, match="between the two"):
        send(db, tmp_path, content=b"three")
    monkeypatch.undo()
    assert len(store.view_all(db)) == 1
    assert jobs.count(db)["queued"] == 1


def test_jobs_are_taken_in_order_and_each_once(db, tmp_path):
    wanted = [send(db, tmp_path, content=b"%d" % n)[0] for n in range(12)]
    first = jobs.take(db, 1.0)
    assert first.id == wanted[0]
    assert (first.fence, first.failures, first.alone) == (1, 0, False)
    with ThreadPoolExecutor(8) as crowd:
        taken = [job.id for job in crowd.map(lambda _: jobs.take(db, 1.0), range(15)) if job]
    assert sorted(taken) == sorted(wanted[1:])
    assert jobs.take(db, 1.0) is None


def test_one_result_even_if_a_lost_worker_comes_back(db, tmp_path):
    identifier, _ = send(db, tmp_path)
    lost = jobs.take(db, 1.0)
    time = iter([0.0, 9.0, 10.0])
    watcher = jobs.Watcher(db, 10.0, steady=lambda: next(time))
    assert watcher.look() == []
    assert watcher.look() == []
    assert watcher.look() == [lost.number]
    second = jobs.take(db, 2.0)
    assert second.fence == lost.fence + 1
    assert not jobs.finish(db, lost, FINE | {"score": 0}, "old", 3.0), "the fence must shut out who was given up"
    assert not jobs.put_back(db, lost, failed=True)
    assert jobs.finish(db, second, FINE, "new", 4.0)
    assert not jobs.finish(db, second, FINE, "twice", 5.0)
    seen = store.view(db, identifier)
    assert (seen["state"], seen["record"]["score"]) == ("graded", 3)
    with schema.reads(db) as tx:
        assert tx.execute(sql.select(sql.func.count()).select_from(schema.results)).scalar() == 1


def test_a_beating_job_is_left_alone_whatever_the_wall_clock_says(db, tmp_path):
    send(db, tmp_path)
    job = jobs.take(db, 10.0**12)  # started in the far future
    time = iter(range(0, 1000, 9))
    watcher = jobs.Watcher(db, 10.0, steady=lambda: next(time))
    for _ in range(20):
        jobs.beat(db, [(job.number, job.fence)])
        assert watcher.look() == []
    jobs.beat(db, [(job.number, job.fence + 1)])  # the beat of another fence says nothing of this one
    assert watcher.look() == []
    assert watcher.look() == [job.number]


def test_two_watchers_put_a_job_back_once(db, tmp_path):
    send(db, tmp_path)
    jobs.take(db, 1.0)
    watchers = [jobs.Watcher(db, 5.0, steady=iter([0.0, 6.0]).__next__) for _ in range(2)]
    assert [watcher.look() for watcher in watchers] == [[], []]
    barrier, put = threading.Barrier(2), []

    def look(watcher):
        barrier.wait()
        put.extend(watcher.look())

    threads = [threading.Thread(target=look, args=(watcher,)) for watcher in watchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(put) == 1


def test_a_job_that_fails_again_and_again_ends_visibly(db, tmp_path):
    send(db, tmp_path)
    for failures in range(jobs.MOST_FAILURES):
        job = jobs.take(db, 1.0)
        assert job.failures == failures
        assert not jobs.worn_out(job)
        assert jobs.put_back(db, job, failed=True)
    job = jobs.take(db, 1.0)
    assert jobs.worn_out(job)
    assert jobs.give_up_record(job)["state"] == "failed"
    assert jobs.give_up_record(job)["score"] is None


def test_being_put_back_by_a_stopping_service_is_no_failure(db, tmp_path):
    send(db, tmp_path)
    for _ in range(10):
        assert jobs.put_back(db, jobs.take(db, 1.0))
    assert not jobs.worn_out(jobs.take(db, 1.0))


def test_a_retry_makes_a_second_revision_and_the_newest_counts(db, tmp_path):
    identifier, _ = send(db, tmp_path)
    assert not jobs.again(db, identifier), "what still waits is not queued twice"
    jobs.finish(db, jobs.take(db, 1.0), records.record_without_grade("x", records.FAILED, "ours"), "", 2.0)
    assert jobs.again(db, identifier)
    assert store.view(db, identifier)["state"] == "queued"
    job = jobs.take(db, 3.0)
    assert jobs.finish(db, job, FINE, "new", 4.0)
    assert store.view(db, identifier)["record"]["score"] == 3
    assert [row["state"] for row in store.view_all(db)] == ["graded"]


def test_to_be_alone_is_remembered(db, tmp_path):
    send(db, tmp_path)
    jobs.put_back(db, jobs.take(db, 1.0), alone=True)
    job = jobs.take(db, 2.0)
    assert job.alone
    jobs.put_back(db, job)
    assert jobs.take(db, 3.0).alone


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nothing", "is not the URL of a database"),
        ("mysql://host/name", "in SQLite or PostgreSQL, not in mysql"),
        ("sqlite:////nowhere/at/all.db", "cannot be used: unable to open database file"),
        ("postgresql://me:secret@127.0.0.1:9/db", r"postgresql://me:\*\*\*@127.0.0.1:9/db cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(url, said):
    with pytest.raises(ValueError, match=said):
        schema.connect(url)


def test_contents_are_written_once_and_damage_is_noticed(tmp_path):
    name = blobs.put(tmp_path, b"hello")
    place = blobs.path_of(tmp_path, name)
    stamp = place.stat().st_mtime_ns
    assert blobs.put(tmp_path, b"hello") == name
    assert place.stat().st_mtime_ns == stamp
    assert place.stat().st_mode & 0o777 == 0o400
    place.chmod(0o600)
    place.write_bytes(b"hellx")
    with pytest.raises(blobs.Damaged, match="is not what was received"):
        blobs.get(tmp_path, name)
    place.unlink()
    with pytest.raises(blobs.Damaged, match="cannot be read"):
        blobs.get(tmp_path, name)
    assert not list(tmp_path.rglob("*.part"))
