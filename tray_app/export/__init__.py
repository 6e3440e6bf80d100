"""Request -> Parquet set -> manifest -> verify. Everything but the request loads pyarrow: for the child process only."""
