"""An archive of any size in one embedded store: checked on every core, resumable, reprints collapsed.

::

    files → run (plan, workers) → outcomes (Arrow) → store (DuckDB) → reprints → pieces for a score, export
            cluster: the same, part by part, on many machines
"""

from mbncheck.errors import StoreError

try:
    import duckdb as _duckdb  # noqa: F401
    import pyarrow as _pyarrow  # noqa: F401
except ImportError as error:
    raise StoreError(
        "Kho lưu trữ cần thêm thư viện; hãy cài: pip install 'mbncheck[archive]'.",
        "The archive needs more libraries; install them: pip install 'mbncheck[archive]'.",
    ) from error
