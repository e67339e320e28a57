#!/usr/bin/env python3
"""How the time of a patient grows with the number of rules, and with the number of patients.

growth.py [MYOGUIDE]

Writes guidelines of 10, 100, 1,000 and 10,000 rules `f1 is above a and f2 is at most b`, as rows of one table and as findings
that are counted, and asks `cohort` for the answer of many patients, of up to 100 rules also of patients of whom half is missing; of the
findings also for an answer that only ten of them lead to. Each time is the difference between many patients and few, so that
loading is told apart. The number that holds is worked out here a second time for complete patients. Only the standard library
is used; MYOGUIDE is the program, else target/release/myoguide.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FACTS = 8
RULES = [10, 100, 1_000, 10_000]
PER_FILE = 2_500

GUIDELINE = """id: growth
release: 1.0.0
language: 1
title: A load that grows
about: Made up for measuring, not advice.
status: draft
effective_from: 2026-01-01
authors: [myoguide contributors]
answers: [held, few]
changes: [First release.]
"""
EVIDENCE = """growth:
  authors: myoguide contributors
  title: Rules made up for measuring
  published: benches/growth.py of this repository
  kind: web page
  readable: the whole text; made up for measuring, not advice
  mark: local default
"""
FACT = """f{0}:
  label: measure {0}
  question: What is measure {0}?
  type: number
  range: 0 to 1000
  recorded: facts
"""


def rules_of(count):
    """Each rule: two facts, above what the one, at most what the other."""
    dice = random.Random(count)
    for _ in range(count):
        one, other = dice.sample(range(FACTS), 2)
        yield one, dice.randrange(200, 900), other, dice.randrange(100, 800)


def table(count):
    heads = " | ".join(f"f{fact}" for fact in range(FACTS))
    lines = ["  sum of the rows that fit", f"  | {heads} | -> held |", "  |" + "---|" * (FACTS + 1)]
    for one, low, other, high in rules_of(count):
        cells = ["any"] * FACTS
        cells[one], cells[other] = f"above {low}", f"at most {high}"
        lines.append(f"  | {' | '.join(cells)} | 1 |")
    few = 'number few "The first ten"   [growth]\n  f0 + f1\n'
    return ['table held "How many rules hold"   [growth]\n' + "\n".join(lines) + "\n", few]


def findings(count):
    files, names = [], []
    for at, (one, low, other, high) in enumerate(rules_of(count)):
        if at % PER_FILE == 0:
            files.append("")
        names.append(f"rule_{at}")
        files[-1] += f'finding rule_{at} "Rule {at}"   [growth]\n  f{one} is above {low} and f{other} is at most {high}\n\n'
    for name, title, among in [("held", "How many rules hold", names), ("few", "Of the first ten", names[:10])]:
        items = "".join(f"  - {name}\n" for name in among)
        files.append(f'number {name} "{title}"   [growth]\n  count of\n{items}')
    return files


def write(folder, files):
    for name in ["dictionary", "evidence", "growth/1.0.0"]:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    texts = {"growth/1.0.0/guideline.yaml": GUIDELINE, "evidence/growth.yaml": EVIDENCE}
    texts["dictionary/growth.yaml"] = "\n".join(FACT.format(fact) for fact in range(FACTS))
    texts.update({f"growth/1.0.0/part_{at}.rules": text for at, text in enumerate(files)})
    texts["mapping.yaml"] = "format: ndjson\nid: id\nas_of: 2026-07-01\nduplicates: each\ncolumns:\n" + "".join(
        f"  f{fact}: {{fact: f{fact}, values: as they are}}\n" for fact in range(FACTS)
    )
    for name, text in texts.items():
        with open(f"{folder}/{name}", "w", encoding="utf-8") as out:
            out.write(text)


def patients(path, count, holes):
    dice = random.Random(5)
    with open(path, "w", encoding="utf-8") as out:
        for at in range(count):
            row = {f"f{fact}": dice.randrange(1000) for fact in range(FACTS) if dice.random() >= holes}
            out.write(json.dumps({"id": at, **row}) + "\n")


def seconds(program, folder, rows, answer):
    command = [program, "cohort", "--quiet", "--jobs", "1", "--rules", folder, "--guideline", "growth", "--mapping"]
    command += [f"{folder}/mapping.yaml", "--select", answer, "--output", f"{folder}/answers", rows]
    for left in [f"{folder}/answers", f"{folder}/answers.meta.json"]:
        if os.path.exists(left):
            os.remove(left)
    began = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def check(rows, answers, rules):
    for row, answer in zip(map(json.loads, open(rows, encoding="utf-8")), map(json.loads, open(answers, encoding="utf-8"))):
        held = sum(row[f"f{one}"] > low and row[f"f{other}"] <= high for one, low, other, high in rules)
        assert answer["held"] == held, (row, answer, held)


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else f"{HERE}/../target/release/myoguide")
    print("| rules | written as | answer | patients | load, s | a patient, µs |\n|---|---|---|---|---|---|")
    for count in RULES:
        for written, files in [("one table", table(count)), ("findings", findings(count))]:
            with tempfile.TemporaryDirectory() as folder:
                write(folder, files)
                # Where half is missing, each patient is a search, and of many rules a long one.
                for kind, holes in [("complete", 0), ("half-empty", 0.5)][: 1 if count > 100 else 2]:
                    for answer in ["held"] if written == "one table" else ["held", "few"]:
                        relevant = count if answer == "held" else 10
                        many = max(2_000_000 // relevant, 10_000) // (1 if holes == 0 else 500)
                        rows = {size: f"{folder}/{kind}_{answer}_{size}.ndjson" for size in [many // 10, many]}
                        for size, path in rows.items():
                            patients(path, size, holes)
                        few, whole = (seconds(program, folder, rows[size], answer) for size in [many // 10, many])
                        if (kind, answer) == ("complete", "held"):
                            check(rows[many], f"{folder}/answers", list(rules_of(count)))
                        each = (whole - few) / (many - many // 10)
                        load = max(few - each * (many // 10), 0)
                        print(f"| {count} | {written} | {answer} | {kind} | {load:.2f} | {each * 1e6:.2f} |", flush=True)


if __name__ == "__main__":
    main()
