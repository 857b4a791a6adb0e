"""pandas.read_csv and DataFrame.to_sql into SQLite, a table for each quantity: python pandas_to_sqlite.py FILE DATABASE"""

import sqlite3
import sys

import pandas

file, database = sys.argv[1:]
frame = pandas.read_csv(file, parse_dates=["timestamp"])
frame["start_ms"] = frame.pop("timestamp").dt.as_unit("ms").astype("int64")
connection = sqlite3.connect(database)
for column in ("load_mw", "temperature_c"):
    frame[["start_ms", column]].set_index("start_ms").to_sql(column, connection, chunksize=100_000)
connection.commit()
connection.close()
print(f"{len(frame)} rows, pandas {pandas.__version__}")
