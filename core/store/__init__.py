"""The only place that opens SQLite: connection, migrations, snapshots, journal."""
