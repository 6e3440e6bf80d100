"""Schema step 22: days that nothing proves get a state of their own, and are asked for again.

They stayed `collected` for ever: the list of indices that lacks the market's total was never asked for again.
"""

PURPOSE = "sessions that nothing proves"

STATEMENTS = (
    """
    UPDATE day_ledger SET state = 'unproven', next_try_at = trade_date || 'T00:00:00Z'
    WHERE state = 'collected' AND reason <> '' AND next_try_at IS NULL
    """,
    """
    UPDATE day_ledger SET state = 'unproven', next_try_at = trade_date || 'T00:00:00Z'
    WHERE state = 'verified' AND dataset = 'index' AND EXISTS (
        SELECT 1 FROM day_ledger e WHERE e.dataset = 'equity' AND e.market_code = day_ledger.market_code
          AND e.trade_date = day_ledger.trade_date AND e.state = 'unproven' AND e.reason LIKE '%total row is%')
    """,
)
