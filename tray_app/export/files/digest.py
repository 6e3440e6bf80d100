"""A digest of what a file says, whatever the encoding, the compression or the row groups it is written in.

Per column, in row order: fixed-width values as little-endian bytes, texts as eight bytes of their BLAKE2b each. Null is
a value no column holds: not-a-number, the least whole number or date, eight zero bytes.
"""

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LEAST_WHOLE, LEAST_DATE = -(2**63), -(2**31)
_EMPTY = b"\0" * 8


class ContentDigest:
    """Digests of the columns of one file, fed batch by batch."""

    def __init__(self, schema: pa.Schema) -> None:
        self._fields = list(schema)
        self._values = [hashlib.sha256() for _ in self._fields]
        self._words: dict[str | None, bytes] = {None: _EMPTY}

    def update(self, batch: pa.RecordBatch) -> None:
        """Take the next rows."""
        for number, hasher in enumerate(self._values):
            hasher.update(self._bytes_of(batch.column(number)).data)

    @property
    def columns(self) -> Mapping[str, str]:
        """Return the digest of each column."""
        return {field.name: values.hexdigest() for field, values in zip(self._fields, self._values, strict=True)}

    @property
    def content(self) -> str:
        """Return the digest of the whole file."""
        return combined(self.columns)

    def _bytes_of(self, column: pa.Array) -> npt.NDArray[np.generic]:
        kind = column.type
        if pa.types.is_string(kind):
            column = column.dictionary_encode()
            kind = column.type
        if pa.types.is_dictionary(kind):
            return self._words_of(column)
        null: float = LEAST_WHOLE
        if pa.types.is_boolean(kind):
            column, null = column.cast(pa.uint8()), 0
        elif pa.types.is_date32(kind):
            column, null = column.view(pa.int32()), LEAST_DATE
        elif pa.types.is_timestamp(kind):
            column = column.view(pa.int64())
        elif pa.types.is_floating(kind):
            null = float("nan")
        if column.null_count:
            column = column.fill_null(null)
        values: npt.NDArray[np.generic] = column.to_numpy(zero_copy_only=False)
        return np.ascontiguousarray(values)

    def _words_of(self, column: pa.DictionaryArray) -> npt.NDArray[np.generic]:
        known = self._words
        codes = []
        for word in [*column.dictionary.to_pylist(), None]:
            code = known.get(word)
            if code is None:
                code = known[word] = hashlib.blake2b(word.encode(), digest_size=8).digest()
            codes.append(code)
        table = np.frombuffer(b"".join(codes), dtype="<u8")
        indices = column.indices
        if indices.null_count:
            indices = indices.fill_null(len(codes) - 1)
        found: npt.NDArray[np.generic] = table[indices.to_numpy(zero_copy_only=False)]
        return found


def combined(columns: Mapping[str, str]) -> str:
    """Return the one digest of a file's column digests."""
    lines = "".join(f"{name} {digest}\n" for name, digest in columns.items())
    return hashlib.sha256(lines.encode()).hexdigest()
