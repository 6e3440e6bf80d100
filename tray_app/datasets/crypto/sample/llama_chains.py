"""The sample chains of DefiLlama: a few dozen that hold nearly everything, then hundreds that hold next to nothing."""

import random
from dataclasses import dataclass

TAIL_COUNT = 420
TAIL_WEIGHT = 0.3
_HEAD = """
Ethereum|ethereum|ETH|1027|1|4950
Solana|solana|SOL|5426||591
BSC|binancecoin|BNB|1839|56|595
Tron|tron|TRON|1958||574
Base||||8453|549
Bitcoin|bitcoin|BTC|1||447
Arbitrum|arbitrum|ARB|11841|42161|232
Hyperliquid L1|hyperliquid|HYPE|32196|999|215
Polygon|matic-network|POL|3890|137|131
Avalanche|avalanche-2|AVAX|5805|43114|118
Plasma|plasma|XPL||9745|102
Sui|sui|SUI|20947||84
Cronos|crypto-com-chain|CRO|3635|25|41
Aptos|aptos|APT|21794||38
Mantle|mantle|MNT|27075|5000|36
Katana||||747474|32
OP Mainnet|optimism|OP|11840|10|31
Linea|linea|LINEA||59144|29
Robinhood Chain||||4663|22
Cardano|cardano|ADA|2010||19
Gnosis|gnosis|GNO|1659|100|18
Berachain|berachain-bera|BERA|24647|80094|17
Sonic|sonic-3|S||146|14
Flare|flare-networks|FLR|4172|14|14
Stacks|blockstack|STX|4847||13
Starknet|starknet|STRK|22691||12
Unichain|uniswap|UNI||130|11
Near|near|NEAR|6535||10
Rootstock|rootstock|RBTC|3626|30|10
TON|the-open-network|TON|11419||9
PulseChain|pulsechain|PLS|11145|369|9
Kava|kava|KAVA|4846|"2222"|8
Osmosis|osmosis|OSMO|12220||6
ZKsync Era|zksync|ZK|24091|324|6
Scroll|scroll|SCR|26998|534352|5
HAQQ|islamic-coin|ISLM|26220|"11235"|0.0004
Evmos|evmos|EVMOS||"9001"|0
Binance|binancecoin|BNB|1839|56|0
"""
_SYLLABLES = (
    "ar",
    "bel",
    "cor",
    "dra",
    "el",
    "fen",
    "gal",
    "hex",
    "ion",
    "jur",
    "kel",
    "lum",
    "mir",
    "nov",
    "ox",
    "pra",
)


@dataclass(frozen=True)
class Chain:
    """One chain and the weight of its value locked; chain_id is a number, a text that holds one, or missing."""

    name: str
    gecko_id: str | None
    symbol: str | None
    cmc_id: str | None
    chain_id: int | str | None
    weight: float


def sample_chains() -> tuple[Chain, ...]:
    """Return all chains in the upstream's order, which follows nothing."""
    chains = [_named(line) for line in _HEAD.strip().splitlines()]
    luck = random.Random("chains")
    taken = {chain.name for chain in chains}
    while len(chains) < len(_HEAD.strip().splitlines()) + TAIL_COUNT:
        name = "".join(luck.sample(_SYLLABLES, 2 + luck.randrange(2))).capitalize()
        place = len(taken)
        if name in taken:
            continue
        taken.add(name)
        weight = TAIL_WEIGHT * luck.random() ** 12 if luck.random() < 0.6 else 0.0
        known = luck.random() < 0.7
        chains.append(
            Chain(
                name,
                name.lower() if known else None,
                name.upper()[:4] if known else None,
                str(20_000 + place) if known else None,
                luck.choice((None, 70_000 + place, 800_000 + place)),
                weight,
            )
        )
    luck.shuffle(chains)
    return tuple(chains)


def _named(line: str) -> Chain:
    name, gecko_id, symbol, cmc_id, chain_id, weight = line.split("|")
    number = None if not chain_id else chain_id.strip('"') if chain_id.startswith('"') else int(chain_id)
    return Chain(name, gecko_id or None, symbol or None, cmc_id or None, number, float(weight))
