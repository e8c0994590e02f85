"""Notes and coins of the renminbi, as a remittance counts them."""

DENOMINATIONS = [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1]  # fen


def in_notes(amount):
    """An amount of fen as a remittance's lines, the largest notes first."""
    lines = []
    for denomination in DENOMINATIONS:
        if amount // denomination:
            lines.append({"denomination": denomination, "count": amount // denomination})
        amount %= denomination
    return lines
