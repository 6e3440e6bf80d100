"""Request -> Parquet set -> manifest -> verify. All but the request loads pyarrow: for the child process only."""
