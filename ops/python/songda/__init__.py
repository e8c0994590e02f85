"""What songda's own scripts need of its API: the contract in schemas/, a plain client, a company to play with."""
