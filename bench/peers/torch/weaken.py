"""Marks a version of a symbol that a library asks for as weak, so that a system without it loads the library: weaken.py LIBRARY VERSION"""
import struct
import sys

path, version = sys.argv[1], sys.argv[2].encode()
data = bytearray(open(path, "rb").read())
sections_at, = struct.unpack_from("<Q", data, 40)
size, count = struct.unpack_from("<HH", data, 58)
sections = [struct.unpack_from("<IIQQQQIIQQ", data, sections_at + i * size) for i in range(count)]
needed = next(section for section in sections if section[1] == 0x6FFFFFFE)  # SHT_GNU_verneed
names, file_at = sections[needed[6]][4], needed[4]
while True:
    _, entries, _, first, following = struct.unpack_from("<HHIII", data, file_at)
    entry = file_at + first
    for _ in range(entries):
        _, flags, _, name, step = struct.unpack_from("<IHHII", data, entry)
        if data[names + name:data.index(0, names + name)] == version:
            struct.pack_into("<H", data, entry + 4, flags | 2)  # VER_FLG_WEAK
        entry += step
    if following == 0:
        break
    file_at += following
open(path, "wb").write(data)
