"""The tables, and how the two databases are opened: SQLite by default, PostgreSQL by URL."""

import sqlalchemy as sql
from sqlalchemy import event

metadata = sql.MetaData()
_number = sql.BigInteger().with_variant(sql.Integer, "sqlite")  # SQLite counts up only what it calls INTEGER
BUSY_SECONDS = 20

QUEUED, RUNNING, DONE = "queued", "running", "done"

# One row per accepted submission. Times are seconds since 1970.
submissions = sql.Table(
    "submissions",
    metadata,
    sql.Column("number", _number, primary_key=True, autoincrement=True),
    sql.Column("id", sql.String(32), nullable=False, unique=True),
    sql.Column("learner", sql.String(200), nullable=False),
    sql.Column("week", sql.String(200), nullable=False),
    sql.Column("notebook", sql.String(20), nullable=False),
    sql.Column("attempt", sql.Integer, nullable=False),
    sql.Column("received", sql.Float, nullable=False),
    sql.Column("sha256", sql.String(64), nullable=False),
    sql.Column("bytes", sql.Integer, nullable=False),
    sql.Column("late", sql.Text, nullable=False, default=""),
    sql.UniqueConstraint("learner", "week", "notebook", "attempt"),
    sql.UniqueConstraint("learner", "week", "notebook", "sha256"),
)
# One row per submission, made in the same transaction. ``fence`` grows with every start, so that a worker that was given
# up cannot hand in a result; ``beat`` grows while a worker is alive.
jobs = sql.Table(
    "jobs",
    metadata,
    sql.Column("number", _number, sql.ForeignKey("submissions.number"), primary_key=True, autoincrement=False),
    sql.Column("state", sql.String(10), nullable=False, index=True),
    sql.Column("fence", sql.Integer, nullable=False, default=0),
    sql.Column("beat", sql.Integer, nullable=False, default=0),
    sql.Column("failures", sql.Integer, nullable=False, default=0),
    sql.Column("alone", sql.Boolean, nullable=False, default=False),
    sql.Column("started", sql.Float),
)
# What came of it; ``revision`` counts up when a failed job is tried again by an instructor.
results = sql.Table(
    "results",
    metadata,
    sql.Column("number", _number, sql.ForeignKey("submissions.number"), primary_key=True, autoincrement=False),
    sql.Column("revision", sql.Integer, primary_key=True),
    sql.Column("state", sql.String(12), nullable=False),
    sql.Column("score", sql.Float),
    sql.Column("max_score", sql.Float),
    sql.Column("record", sql.Text, nullable=False),
    sql.Column("document", sql.String(64), nullable=False),
    sql.Column("finished", sql.Float, nullable=False),
    sql.Column("delivered", sql.Boolean, nullable=False, default=False, index=True),
)


def connect(url):
    """Open a database and make the tables that it lacks.

    Parameters
    ----------
    url : str
        ``sqlite:///FILE`` or ``postgresql://…``.

    Returns
    -------
    sqlalchemy.Engine

    Raises
    ------
    ValueError
        If the URL names no database that the service can use.
    """
    try:
        parsed = sql.make_url(url)
    except sql.exc.ArgumentError:
        raise ValueError(f"{url!r} is not the URL of a database: write postgresql://USER@HOST/NAME.") from None
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        db = sql.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=20,
            max_overflow=20,
            connect_args={"connect_timeout": 10},
        )
    elif kind == "sqlite":
        db = sql.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, pool_size=20, max_overflow=20)
        _prepare_sqlite(db)
    else:
        raise ValueError(f"The service keeps its queue in SQLite or PostgreSQL, not in {kind}.")
    try:
        with writes(db) as tx:
            lock_for(tx, "schema")  # two services may start at the same moment
            metadata.create_all(tx)
    except ModuleNotFoundError as error:
        raise ValueError(f"{error}. Install medlabs with its extra: medlabs[postgres].") from None
    except sql.exc.DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        raise ValueError(
            f"The database {parsed.render_as_string(hide_password=True)} cannot be used: {said}."
        ) from None
    return db


def writes(db):
    """Begin a transaction that may write. SQLite takes its one write lock at once, so none fails half-way for want of it."""
    return db.begin()


def reads(db):
    """Begin a transaction that only reads, which waits for no writer."""
    return db.execution_options(reads=True).begin()


def lock_for(tx, *words):
    """Let one transaction at a time pass for the same words, until it ends."""
    if tx.dialect.name == "postgresql":
        tx.execute(sql.text("SELECT pg_advisory_xact_lock(hashtextextended(:words, 0))"), {"words": "\n".join(words)})


def _prepare_sqlite(db):
    @event.listens_for(db, "connect")
    def prepare(connection, _):
        connection.isolation_level = None  # the driver begins nothing by itself
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(db, "begin")
    def begin(connection):
        only_reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
