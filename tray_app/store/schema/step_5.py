"""Schema step 5: why a listing ended, and which listing an issue that changed its market went on in."""

PURPOSE = "why listings ended, and the links between the listings of issues that changed their market"

STATEMENTS = (
    "ALTER TABLE instruments ADD COLUMN end_reason TEXT",
    "ALTER TABLE instruments ADD COLUMN moved_from INTEGER",
    "ALTER TABLE instruments ADD COLUMN moved_to INTEGER",
    """
    UPDATE instruments SET moved_to = (
        SELECT other.instrument_id FROM instruments other
        WHERE other.market_code IN ('KOSDAQ', 'KOSPI') AND other.market_code <> instruments.market_code
          AND other.external_code = instruments.external_code
          AND other.first_seen > instruments.last_seen AND other.first_seen <= instruments.delisting_date
        ORDER BY other.market_code, other.episode LIMIT 1
    )
    WHERE delisting_date IS NOT NULL AND market_code IN ('KOSPI', 'KOSDAQ', 'KONEX')
    """,
    """
    UPDATE instruments SET moved_from = (
        SELECT MAX(other.instrument_id) FROM instruments other WHERE other.moved_to = instruments.instrument_id
    )
    WHERE instrument_id IN (SELECT moved_to FROM instruments WHERE moved_to IS NOT NULL)
    """,
    """
    UPDATE instruments SET end_reason = CASE WHEN moved_to IS NULL THEN 'unknown' ELSE 'transferred' END,
        delisting_date = CASE WHEN moved_to IS NULL THEN delisting_date END
    WHERE delisting_date IS NOT NULL
    """,
    # The first day on the new market is to be compared with the last one on the old.
    """
    INSERT INTO pending_checks (trade_date)
    SELECT DISTINCT CAST(strftime('%s', first_seen) AS INTEGER) / 86400 FROM instruments WHERE moved_from IS NOT NULL
    ON CONFLICT DO NOTHING
    """,
)
