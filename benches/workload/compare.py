#!/usr/bin/env python3
"""The measuring load, worked out a second time, and held against what myoguide answers. README.md describes the load.

compare.py generate N SEED                 N flat records, one a line, on standard output
compare.py reference FLAT                  one line of answers for each, worked out here
compare.py records FLAT                    the same patients as records of myoguide, one a line
compare.py lines ANSWERS                   answers of myoguide as such lines of answers
compare.py check FLAT ANSWERS [EXPECTED]   all lines equal? EXPECTED: lines of another program, instead of ours
compare.py same FLAT EXPECTED              lines of another program, held against ours
compare.py agree FLAT ANSWERS              of `workload_sets`: wherever the load has an answer, the same?
compare.py run N [MYOGUIDE]                all of it: N records of seed 7, `evaluate`, both guidelines, compared

ANSWERS are lines of `myoguide evaluate --format json` or of `myoguide cohort --select`. `-` reads standard input.
Only the standard library is used. Every number of the load is exact in binary, so no comparison can be off by rounding.
"""
import json
import math
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
THERAPIES = ["mtx", "aza", "mmf", "tac", "csa", "mtxaza", "rtx", "cyc", "rci"]
MEASURES = ["pg", "pt", "mmt", "haq", "ck", "em"]

# ---------------------------------------------------------------- the generator

MASK = (1 << 64) - 1


class Dice:
    """splitmix64"""

    def __init__(self, state):
        self.state = state & MASK

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def share(self):
        return (self.bits() >> 11) / (1 << 53)

    def below(self, count):
        return self.bits() % count


def stepped(value, step, low, high):
    """The nearest step, halves away from zero, within the scale."""
    places = value / step
    nearest = math.copysign(math.floor(abs(places) + 0.5), places)
    return min(max(nearest * step, low), high)


def patient(number, seed):
    """One flat record; it does not hang on how many are made."""
    dice = Dice(seed * 0xD1342543DE82EF95 + number * 0xA0761D6478BD642F)
    missing = 0.02 if dice.below(2) == 0 else 0.18
    flat = {"id": number}

    def put(name, value):
        if dice.share() >= missing:
            flat[name] = value

    put("age", 18 + dice.below(68))
    put("sex", "F" if dice.share() < 0.66 else "M")
    subtypes = ["dm"] * 3 + ["pm"] + ["imnm"] * 2 + ["asys"] * 3 + ["ibm"]
    put("subtype", subtypes[dice.below(10)])
    put("autoab", ["none", "jo1", "mi2", "tif1g", "mda5", "srp", "hmgcr", "nxp2"][dice.below(8)])
    response = dice.share() * 1.3 - 0.3

    def later():
        return (dice.share() - 0.5) * 0.4

    def pair(name, first, step, high):
        before = stepped(first, step, 0.0, high)
        after = stepped(before * (1.0 - response + later()), step, 0.0, high)
        put(name + "0", before)
        put(name + "1", after)

    pair("pg", 2.0 + dice.share() * 8.0, 0.25, 10.0)
    pair("pt", 2.0 + dice.share() * 8.0, 0.25, 10.0)
    before = stepped(30.0 + dice.share() * 48.0, 1.0, 0.0, 80.0)
    after = stepped(before + (80.0 - before) * (response + later()), 1.0, 0.0, 80.0)
    put("mmt0", before)
    put("mmt1", after)
    pair("haq", dice.share() * 3.0, 0.125, 3.0)
    limit = [145, 170, 190, 200, 250, 308][dice.below(6)]
    before = stepped(limit * (0.4 + dice.share() * dice.share() * 18.0), 1.0, 0.0, math.inf)
    after = stepped(max(before * (1.0 - response + later()), 20.0), 1.0, 0.0, math.inf)
    put("ck0", before)
    put("ck1", after)
    put("uln", limit)
    pair("em", dice.share() * 8.0, 0.25, 10.0)
    for therapy, often in zip(THERAPIES, [0.75, 0.6, 0.45, 0.25, 0.15, 0.15, 0.2, 0.12, 0.05]):
        weeks = 1 + dice.below(60) if dice.share() < often else 0
        put("w_" + therapy, weeks)
        # Who took nothing needs no second throw.
        put("a_" + therapy, weeks > 0 and dice.share() < 0.75)
    put("preg", dice.share() < 0.06)
    put("egfr", 15 + dice.below(106))
    put("infect", dice.share() < 0.08)
    put("ild", dice.share() < 0.35)
    put("tpmt", (["normal"] * 8 + ["intermediate", "deficient"])[dice.below(10)])
    put("hbv", dice.share() < 0.04)
    put("malig", dice.share() < 0.09)
    put("oed", dice.share() < 0.55)
    put("fat", dice.below(4))
    put("biopsy", ["perifascicular", "necrotising", "endomysial", "rimmed_vacuoles", "normal"][dice.below(5)])
    return flat


def written(value):
    """As the shortest text; what was rounded to zero from below is `-0`, which every reader must take for 0."""
    return json.dumps(value).removesuffix(".0")


def flat_line(flat):
    return "{" + ",".join(f'"{name}":{written(value)}' for name, value in flat.items()) + "}"


# ---------------------------------------------------------------- the load, worked out from its description

CUTS = {name: (5, 15, 25, 40) for name in MEASURES} | {"mmt": (2, 10, 20, 30)}
POINTS = {
    "pg": (0, 7.5, 15, 17.5, 20),
    "pt": (0, 2.5, 5, 7.5, 10),
    "mmt": (0, 10, 20, 27.5, 32.5),
    "haq": (0, 5, 7.5, 7.5, 10),
    "ck": (0, 2.5, 5, 7.5, 7.5),
    "em": (0, 7.5, 12.5, 15, 20),
}
RANGES = {"pg": 10, "pt": 10, "mmt": 80, "haq": 3, "em": 10}
RUNGS = {"1": ["mtx", "aza"], "2": ["mmf", "tac", "csa", "mtxaza"], "3": ["rtx", "cyc", "rci"]}


def both(*of):
    """Three values: yes, no, and None for unknown."""
    return False if False in of else None if None in of else True


def either(*of):
    return True if True in of else None if None in of else False


def asked(value, question):
    return None if value is None else question(value)


def improvement(flat, name):
    before, after = flat.get(name + "0"), flat.get(name + "1")
    if before is None or after is None:
        return None
    return after - before if name == "mmt" else before - after


def points(flat, name):
    gain = improvement(flat, name)
    whole = asked(flat.get("uln"), lambda limit: 15 * limit) if name == "ck" else RANGES[name]
    if gain is None or whole is None:
        return None
    percent = gain * 100 / whole
    return POINTS[name][sum(percent > cut for cut in CUTS[name])]


def category(total):
    if total is None:
        return "unknown"
    return "major" if total >= 60 else "moderate" if total >= 40 else "minimal" if total >= 20 else "none"


def counted(flat):
    better = worse = missing = 0
    strength = None
    for name in MEASURES:
        gain, before = improvement(flat, name), flat.get(name + "0")
        if gain is None:
            missing += 1
            continue
        better += gain > 0 and gain * 100 >= 20 * before
        is_worse = gain < 0 and -gain * 100 >= 25 * before
        worse += is_worse
        if name == "mmt":
            strength = is_worse
    if strength or worse > 2 or better + missing < 3:
        return "no"
    if better >= 3 and worse + missing <= 2 and strength is not None:
        return "yes"
    return "unknown"


def muscle(flat):
    oedema, fat, enzyme, limit, strength = (flat.get(name) for name in ("oed", "fat", "ck1", "uln", "mmt1"))
    if None in (oedema, fat, enzyme, limit, strength):
        return "unknown"
    ratio = enzyme / limit
    rows = [
        (oedema and fat <= 1 and ratio >= 5, "active_severe"),
        (oedema and fat <= 1 and ratio >= 1.5, "active"),
        (oedema and fat <= 1 and ratio < 1.5 and strength < 72, "active_low_enzyme"),
        (oedema and fat <= 1, "minimal_activity"),
        (oedema and fat >= 2 and ratio >= 1.5, "mixed"),
        (oedema and fat >= 2 and strength < 60, "mixed_damage_dominant"),
        (not oedema and fat >= 2 and ratio < 1.5, "damage"),
        (not oedema and ratio >= 5, "recheck_muscle_site"),
        (not oedema and fat <= 1 and ratio < 1.5 and strength >= 76, "inactive"),
        (not oedema and strength < 60, "weak_non_inflammatory"),
        (True, "indeterminate"),
    ]
    return next(word for fits, word in rows if fits)


def rung(flat):
    if flat.get("subtype") is None:
        return "unknown"
    if flat["subtype"] == "ibm":
        return "na"
    for name, drugs in RUNGS.items():
        trials = [both(asked(flat.get("w_" + drug), lambda weeks: weeks >= 12), flat.get("a_" + drug)) for drug in drugs]
        exhausted = either(*trials)
        if not exhausted:
            return "unknown" if exhausted is None else name
    return "none"


def candidates(name, lung_first, cyc_first):
    """The order on a rung."""
    if name == "1":
        return ["mtx", "aza"]
    if name == "2":
        return ["tac", "mmf", "csa", "mtxaza"] if lung_first else ["mmf", "tac", "csa", "mtxaza"]
    if name == "3":
        return ["cyc", "rtx", "rci", "bio"] if cyc_first else ["rtx", "cyc", "rci", "bio"]
    return []


def dropped(flat):
    """Of each drug: dropped, not dropped, or unknown."""
    pregnant = both(flat.get("preg"), asked(flat.get("sex"), lambda sex: sex == "F"))
    infected, lung, cancer = flat.get("infect"), flat.get("ild"), flat.get("malig")

    def filtration(limit):
        return asked(flat.get("egfr"), lambda egfr: egfr < limit)

    def enzyme(word):
        return asked(flat.get("tpmt"), lambda tpmt: tpmt == word)

    rules = {
        "mtx": [pregnant, filtration(30), lung],
        "aza": [enzyme("deficient"), cancer],
        "mmf": [pregnant],
        "tac": [filtration(45)],
        "csa": [filtration(60), asked(flat.get("age"), lambda age: age >= 75)],
        "mtxaza": [pregnant, filtration(30), lung, enzyme("deficient"), enzyme("intermediate")],
        "rtx": [infected, flat.get("hbv")],
        "cyc": [pregnant, filtration(30), infected],
        "rci": [infected, asked(flat.get("biopsy"), lambda biopsy: biopsy == "rimmed_vacuoles")],
        "bio": [infected, cancer],
    }
    return {drug: either(*of) for drug, of in rules.items()}


def listed(order, off):
    """What is left of the order, `?` behind what may be dropped."""
    return [drug + ("?" if off[drug] is None else "") for drug in order if off[drug] is not True]


def line(number, all_points, total, cat, doi, act, step, following):
    def short(value):
        return int(value) if value is not None and value == int(value) else value

    answer = {
        "id": number,
        "pts": [short(value) for value in all_points],
        "tis": short(total),
        "cat": cat,
        "doi": doi,
        "act": act,
        "rung": step,
        "next": following,
    }
    return json.dumps(answer, separators=(",", ":"))


def reference(flat):
    """The line of answers of one flat record."""
    all_points = [points(flat, name) for name in MEASURES]
    total = None if None in all_points else sum(all_points)
    step = rung(flat)
    lung = flat.get("ild") is True
    order = candidates(step, lung, lung or flat.get("autoab") == "mda5")
    following = listed(order, dropped(flat))
    return line(flat["id"], all_points, total, category(total), counted(flat), muscle(flat), step, following)


# ---------------------------------------------------------------- to myoguide, and back

FACTS = {
    "age": "age", "sex": "sex", "subtype": "subtype", "autoab": "antibody", "preg": "pregnant", "egfr": "egfr",
    "infect": "infection", "ild": "lung_disease", "tpmt": "tpmt", "hbv": "hepatitis_b", "malig": "malignancy",
    "oed": "oedema", "fat": "fat", "biopsy": "biopsy",
} | {"w_" + drug: "weeks_" + drug for drug in THERAPIES} | {"a_" + drug: "adequate_" + drug for drug in THERAPIES}
VISITS = {
    "pg": "physician_global", "pt": "patient_global", "mmt": "muscle_strength", "haq": "function", "ck": "ck",
    "em": "extramuscular",
}
RUNG_WORDS = {"first": "1", "second": "2", "third": "3", None: "unknown"}


def record(flat):
    """A flat record as one of myoguide: baseline and one later visit."""
    facts = {}
    for name, fact in FACTS.items():
        if name in flat:
            value = flat[name]
            facts[fact] = ("yes" if value else "no") if isinstance(value, bool) else value
    visits = [{"date": "2026-01-01", "role": "baseline"}, {"date": "2026-07-01"}]
    for at, visit in enumerate(visits):
        for name, fact in VISITS.items():
            value = flat.get(f"{name}{at}")
            if value is None:
                continue
            value += 0  # no zero with a sign
            limited = name == "ck" and "uln" in flat
            visit[fact] = {"value": value, "upper_limit": flat["uln"]} if limited else value
    return {"id": str(flat["id"]), "as_of": "2026-07-01", "facts": facts, "visits": visits}


def settled(answer):
    """The value of one answer; None where it is open."""
    if isinstance(answer, dict):
        return answer.get("value") if answer.get("status") == "decided" else None
    if isinstance(answer, list):
        return answer[0] if len(answer) == 1 else None
    return answer


def several(answer):
    """What is certainly among the values of one answer, and what perhaps is."""
    if isinstance(answer, list):
        return answer, []
    possible = answer["possible"]
    return possible["certain"], possible["perhaps"]


def answered(text):
    """A line of answers from one line of myoguide's."""
    result = json.loads(text)
    answers = result.get("answers", result)
    identity = result["record"]["id"] if isinstance(result.get("record"), dict) else result.get("id", result.get("record"))
    value = {name: settled(answer) for name, answer in answers.items()}
    truth = {"yes": True, "no": False, True: True, False: False, None: None}
    all_points = [value["pts_" + name] for name in MEASURES]
    step = RUNG_WORDS.get(value["rung"], value["rung"])
    sure, perhaps = several(answers["next"])
    off = {drug: False if drug in sure else None if drug in perhaps else True for drug in THERAPIES + ["bio"]}
    order = candidates(step, truth[value["tac_first"]], truth[value["cyc_first"]])
    return line(int(identity), all_points, value["tis"], value["cat"] or "unknown", value["doi"] or "unknown",
                value["act"] or "unknown", step, listed(order, off))


# ---------------------------------------------------------------- commands

def read(path):
    return sys.stdin if path == "-" else open(path, encoding="utf-8")


def flats(path):
    return (json.loads(text) for text in read(path) if text.strip())


def compared(wanted, found, same=str.__eq__, word="equal"):
    """Says how many lines differ, and shows the first."""
    count = wrong = 0
    missing = object()
    wanted, found = iter(wanted), iter(found)
    while True:
        one, other = next(wanted, missing), next(found, missing)
        if one is missing and other is missing:
            break
        count += 1
        if one is missing or other is missing or not same(one, other):
            wrong += 1
            if wrong <= 5:
                print("differs\n  wanted", "nothing" if one is missing else one, "\n  found ", "nothing" if other is missing else other)
    print(f"{count} records, {wrong} differ" if wrong else f"{count} records, all {word}")
    return 1 if wrong or not count else 0


def is_open(value):
    return value is None or value == "unknown"


def agrees(wanted, found):
    """Over sets more may be settled; what the load settles is the same. No candidates are wanted where the rung is unknown."""
    wanted, found = json.loads(wanted), json.loads(found)
    pairs = list(zip(wanted.pop("pts"), found.pop("pts")))
    if is_open(wanted["rung"]):
        del wanted["next"], found["next"]
    pairs += [(value, found[name]) for name, value in wanted.items()]
    return all(is_open(one) or one == other for one, other in pairs)


def stripped(path):
    return (text.strip() for text in read(path) if text.strip())


def evaluated(program, guideline, path):
    """The lines of answers of one guideline."""
    command = [program, "evaluate", "--rules", os.path.join(HERE, "rules"), "--guideline", guideline, "--format", "json", path]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return map(answered, done.stdout.splitlines())


def whole_run(count, program):
    with tempfile.TemporaryDirectory() as folder:
        patients = [patient(number, 7) for number in range(count)]
        path = os.path.join(folder, "records.ndjson")
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(record(flat)) + "\n" for flat in patients)
        wanted = [reference(flat) for flat in patients]
        print("workload: ", end="")
        wrong = compared(wanted, evaluated(program, "workload", path))
        print("workload_sets: ", end="")
        return compared(wanted, evaluated(program, "workload_sets", path), agrees, "agree") or wrong


def main(words):
    match words:
        case ["generate", count, seed]:
            for number in range(int(count)):
                print(flat_line(patient(number, int(seed))))
        case ["reference", path]:
            for flat in flats(path):
                print(reference(flat))
        case ["records", path]:
            for flat in flats(path):
                print(json.dumps(record(flat), separators=(",", ":")))
        case ["lines", path]:
            for text in stripped(path):
                print(answered(text))
        case ["check", path, answers]:
            return compared(map(reference, flats(path)), map(answered, stripped(answers)))
        case ["check", _, answers, expected]:
            return compared(stripped(expected), map(answered, stripped(answers)))
        case ["same", path, expected]:
            return compared(map(reference, flats(path)), stripped(expected))
        case ["agree", path, answers]:
            return compared(map(reference, flats(path)), map(answered, stripped(answers)), agrees, "agree")
        case ["run", count]:
            return whole_run(int(count), "myoguide")
        case ["run", count, program]:
            return whole_run(int(count), program)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
