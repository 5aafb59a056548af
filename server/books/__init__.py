"""The books (台账): one account per published need and offer, and the append-only, hash-chained ledger of its movements.

An account knows its subject and the other side's account by id only. For a cap type, always and under any
concurrency, held + pledged + accepted ≤ quantity; a floor type may pass its quantity.
"""
