"""DuckDB's read_csv into a file of its own, a table for each quantity: python duckdb_file.py FILE DATABASE"""

import sys

import duckdb

file, database = sys.argv[1:]
connection = duckdb.connect(database)
connection.execute("set threads = 2")
for column in ("load_mw", "temperature_c"):
    connection.execute(
        f"create table {column} as select epoch_ms(timestamp) as start_ms, {column} from read_csv(?)", [file]
    )
rows = connection.execute("select count(*) from load_mw").fetchone()[0]
connection.close()
print(f"{rows} rows, DuckDB {duckdb.__version__}")
