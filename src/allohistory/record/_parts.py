"""TEMPORARY until the parts of the tables are merged."""

from allohistory.record.reading import Sheet, read_sheet


def read_parts(folder, file, kind):
    if (folder / file).is_file():
        return read_sheet(folder, file, kind)
    stem = file.removesuffix(".csv")
    rows, lines, seen = [], [], set()
    for part in sorted(
        p.name
        for p in folder.iterdir()
        if p.name.startswith(stem + ".") and p.name.endswith(".csv")
    ):
        for line, row in read_sheet(folder, part, kind):
            key = getattr(row, "key", None) or (row.id if stem == "treaties" else row)
            if key in seen:
                if stem != "sources":
                    print("duplicate", part, line, key)
                continue
            seen.add(key)
            rows.append(row)
            lines.append(line)
    return Sheet(file, tuple(rows), tuple(lines))
