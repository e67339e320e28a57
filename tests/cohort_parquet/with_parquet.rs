use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use myoguide::cohort::input::{Files, Input as _, InputError, Mapped, OpenError, Taken};
use myoguide::cohort::mapping::{self, Mapping};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::Engine;
use myoguide::library::Library;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::record::Field;
use parquet::schema::parser::parse_message_type;

use super::{PLAIN, program, said, text};

/// The values of a column, `None` for an empty cell.
#[derive(Clone)]
enum Cells {
    Boolean(Vec<Option<bool>>),
    Short(Vec<Option<i32>>),
    Long(Vec<Option<i64>>),
    Single(Vec<Option<f32>>),
    Double(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
    /// Lists of numbers, each of which may be empty.
    Lists(Vec<Vec<i32>>),
}

fn texts<'t>(texts: impl IntoIterator<Item = Option<&'t str>>) -> Cells {
    Cells::Bytes(texts.into_iter().map(|text| text.map(|text| text.as_bytes().to_vec())).collect())
}

impl Cells {
    fn rows(&self, from: usize, to: usize) -> Cells {
        fn cut<T: Clone>(all: &[T], from: usize, to: usize) -> Vec<T> {
            all[from.min(all.len())..to.min(all.len())].to_vec()
        }
        match self {
            Cells::Boolean(all) => Cells::Boolean(cut(all, from, to)),
            Cells::Short(all) => Cells::Short(cut(all, from, to)),
            Cells::Long(all) => Cells::Long(cut(all, from, to)),
            Cells::Single(all) => Cells::Single(cut(all, from, to)),
            Cells::Double(all) => Cells::Double(cut(all, from, to)),
            Cells::Bytes(all) => Cells::Bytes(cut(all, from, to)),
            Cells::Fixed(all) => Cells::Fixed(cut(all, from, to)),
            Cells::Lists(all) => Cells::Lists(cut(all, from, to)),
        }
    }

    fn write(&self, column: &mut SerializedColumnWriter<'_>) {
        fn levels<T>(cells: &[Option<T>]) -> Vec<i16> {
            cells.iter().map(|cell| i16::from(cell.is_some())).collect()
        }
        fn values<T: Clone>(cells: &[Option<T>]) -> Vec<T> {
            cells.iter().flatten().cloned().collect()
        }
        match self {
            Cells::Boolean(all) => column.typed::<BoolType>().write_batch(&values(all), Some(&levels(all)), None),
            Cells::Short(all) => column.typed::<Int32Type>().write_batch(&values(all), Some(&levels(all)), None),
            Cells::Long(all) => column.typed::<Int64Type>().write_batch(&values(all), Some(&levels(all)), None),
            Cells::Single(all) => column.typed::<FloatType>().write_batch(&values(all), Some(&levels(all)), None),
            Cells::Double(all) => column.typed::<DoubleType>().write_batch(&values(all), Some(&levels(all)), None),
            Cells::Bytes(all) => {
                let bytes: Vec<ByteArray> = values(all).into_iter().map(ByteArray::from).collect();
                column.typed::<ByteArrayType>().write_batch(&bytes, Some(&levels(all)), None)
            }
            Cells::Fixed(all) => {
                let bytes: Vec<_> = values(all).into_iter().map(|bytes| ByteArray::from(bytes).into()).collect();
                column.typed::<FixedLenByteArrayType>().write_batch(&bytes, Some(&levels(all)), None)
            }
            Cells::Lists(all) => {
                let (mut numbers, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
                for list in all {
                    defined.extend(if list.is_empty() { vec![0] } else { vec![1; list.len()] });
                    repeated.extend((0..list.len().max(1)).map(|at| i16::from(at > 0)));
                    numbers.extend(list);
                }
                column.typed::<Int32Type>().write_batch(&numbers, Some(&defined), Some(&repeated))
            }
        }
        .unwrap();
    }
}

/// A Parquet file of columns, so many rows in a group.
fn parquet(columns: &[(&str, Cells)], rows: usize, group: usize, compression: Compression) -> Vec<u8> {
    let fields: String = columns
        .iter()
        .map(|(field, _)| if field.ends_with('}') { format!("{field}\n") } else { format!("{field};\n") })
        .collect();
    let schema = Arc::new(parse_message_type(&format!("message rows {{\n{fields}}}")).unwrap());
    let two = matches!(compression, Compression::ZSTD(_));
    let version = if two { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
    let properties = WriterProperties::builder().set_compression(compression).set_writer_version(version);
    // Pages of fewer rows than are held at once, and some of more.
    let properties = properties.set_data_page_row_count_limit(if two { 300 } else { 20_000 }).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut from = 0;
    while from < rows {
        let mut written = file.next_row_group().unwrap();
        for (_, cells) in columns {
            let mut column = written.next_column().unwrap().unwrap();
            cells.rows(from, from + group).write(&mut column);
            column.close().unwrap();
        }
        written.close().unwrap();
        from += group;
    }
    file.into_inner().unwrap()
}

const NUMBERED: &str = "\
id: id
as_of: 2026-01-01
words: {ja: yes}
codes: {-9: unknown}
visits:
  first: {date: day, role: baseline}
  second: {date: 2025-07-01}
columns:
  born: born
  sex: sex
  jo1: anti_jo1
  pga0: {fact: physician_global, visit: first, unit: mm}
  pga1: {fact: physician_global, visit: second, unit: mm}
carry: [remark, weight]
files:
  visits:
    path: VISITS
    visit: {date: day}
    columns: {mmt8: mmt8}
";

const ROWS: i32 = 6000;

/// One registry in two forms: as columns, and as lines.
struct Registry {
    columns: Vec<(&'static str, Cells)>,
    lines: String,
    visit_columns: Vec<(&'static str, Cells)>,
    visit_lines: String,
}

/// A row's number, but for some rows.
fn but(at: i32, of: i32) -> Option<i32> {
    (at % of != 0).then_some(at)
}

fn pick<'t>(from: &[&'t str], at: i32) -> &'t str {
    from[usize::try_from(at).unwrap() % from.len()]
}

const SEXES: [&str; 2] = ["female", "male"];
const REMARKS: [&str; 4] = ["of the centre", "with \"quotes\", and a comma", "Łódź\nin two lines", "\u{1}\\"];

/// The day of the first visit.
fn first_day(at: i32) -> i32 {
    20_089 + at % 30
}

/// The second value of a patient, which is a code now and then.
fn second(at: i32) -> i32 {
    if at % 50 == 9 { -9 } else { at % 89 }
}

fn registry() -> Registry {
    let all = || 0..ROWS;
    let columns = vec![
        ("required int64 id", Cells::Long(all().map(|at| Some(i64::from(at))).collect())),
        ("optional int32 born (DATE)", Cells::Short(all().map(|at| but(at, 7).map(|at| -at)).collect())),
        ("optional binary sex (STRING)", texts(all().map(|at| but(at, 5).map(|at| pick(&SEXES, at))))),
        ("optional boolean jo1", Cells::Boolean(all().map(|at| but(at, 3).map(|at| at % 2 == 0)).collect())),
        ("optional int32 day (DATE)", Cells::Short(all().map(|at| Some(first_day(at))).collect())),
        ("optional double pga0", Cells::Double(all().map(|at| but(at, 11).map(quarters)).collect())),
        ("optional int32 pga1", Cells::Short(all().map(|at| Some(second(at))).collect())),
        ("optional binary remark (STRING)", texts(all().map(|at| but(at, 4).map(|at| pick(&REMARKS, at))))),
        ("optional int64 weight (DECIMAL(12,2))", Cells::Long(all().map(|at| Some(i64::from(at) * 5)).collect())),
    ];
    let mut lines = String::new();
    for at in all() {
        let words = |value: Option<String>| value.unwrap_or_else(|| "null".to_owned());
        let born = words(but(at, 7).map(|at| format!("\"{}\"", date(-at))));
        let sex = words(but(at, 5).map(|at| format!("\"{}\"", pick(&SEXES, at))));
        let jo1 = words(but(at, 3).map(|at| (at % 2 == 0).to_string()));
        let pga0 = words(but(at, 11).map(|at| quarters(at).to_string()));
        let remark = words(but(at, 4).map(|at| serde_json::to_string(pick(&REMARKS, at)).unwrap()));
        let (day, pga1, weight) = (date(first_day(at)), second(at), f64::from(at * 5) / 100.0);
        let _ = writeln!(
            lines,
            "{{\"id\":{at},\"born\":{born},\"sex\":{sex},\"jo1\":{jo1},\"day\":\"{day}\",\"pga0\":{pga0},\
             \"pga1\":{pga1},\"remark\":{remark},\"weight\":{weight}}}"
        );
    }
    // The visits of patients in another order, some of nobody, some twice.
    let (mut ids, mut days, mut values, mut visit_lines) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    for at in all() {
        let (id, on, value) = (at * 4001 % 6100, 20_200 + at % 200, 60 + at % 39);
        for _ in 0..=i32::from(at % 100 == 0) {
            ids.push(Some(i64::from(id)));
            days.push(Some(on));
            values.push(Some(value));
            let _ = writeln!(visit_lines, "{{\"id\":{id},\"day\":\"{}\",\"mmt8\":{value}}}", date(on));
        }
    }
    let visit_columns = vec![
        ("required int64 id", Cells::Long(ids)),
        ("optional int32 day (DATE)", Cells::Short(days)),
        ("optional int32 mmt8 (INTEGER(16,true))", Cells::Short(values)),
    ];
    Registry { columns, lines, visit_columns, visit_lines }
}

fn quarters(at: i32) -> f64 {
    f64::from(at % 97) / 4.0
}

/// A day as another library counts it.
fn date(days: i32) -> String {
    let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
    day.to_string()
}

fn compressions() -> [Compression; 4] {
    [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ]
}

/// The registry in a folder, as lines and as columns with groups of so many rows.
fn written(folder: &Path, compression: Compression, group: usize) {
    let registry = registry();
    let path = |name: &str| folder.join(name);
    let visits = registry.visit_lines.lines().count();
    fs::write(path("patients.ndjson"), &registry.lines).unwrap();
    fs::write(path("visits.ndjson"), &registry.visit_lines).unwrap();
    fs::write(path("patients.parquet"), parquet(&registry.columns, registry.lines.lines().count(), group, compression))
        .unwrap();
    fs::write(path("visits.parquet"), parquet(&registry.visit_columns, visits, group, compression)).unwrap();
    let lines = format!("format: ndjson\n{}", NUMBERED.replace("VISITS", "visits.ndjson"));
    fs::write(path("lines.yaml"), lines).unwrap();
    fs::write(path("columns.yaml"), NUMBERED.replace("VISITS", "visits.parquet")).unwrap();
}

#[test]
fn rows_get_the_answers_of_the_same_lines() {
    for (compression, group) in compressions().into_iter().zip([100_000, 700, 1024, 4096]) {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), compression, group);
        let asked = |mapping: &str, file: &str, more: &[&str]| {
            let before = ["cohort", "--quiet", "--mapping", mapping, "--guideline", "acr_eular_response"];
            let ran = program(&[&before[..], more, &[file]].concat(), folder.path());
            assert!(ran.status.success(), "{}", text(&ran.stderr));
            ran
        };
        let brief = &["--select", "response,total_improvement_score"][..];
        let shapes = [&["--jobs", "3"][..], brief, &["--format", "csv"]];
        for more in if group == 700 { &shapes[..] } else { &shapes[1..2] } {
            let (lines, columns) =
                (asked("lines.yaml", "patients.ndjson", more), asked("columns.yaml", "patients.parquet", more));
            assert!(lines.stdout.len() > 100_000);
            assert!(lines.stdout == columns.stdout, "{compression:?} {more:?}");
            let told = |ran: &std::process::Output| text(&ran.stderr).replace("ndjson", "parquet");
            assert_eq!(told(&lines), told(&columns));
            assert!(text(&columns.stderr).contains("rows of `visits.parquet` repeat others to the letter"));
        }
    }
}

#[test]
fn an_interrupted_run_goes_on_and_standard_input_is_read() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), Compression::SNAPPY, 700);
    let path = |name: &str| folder.path().join(name);
    let command = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
        command.args(["cohort", "--quiet", "--mapping", "columns.yaml", "--guideline", "acr_eular_response"]);
        command.args(more).current_dir(folder.path());
        command
    };
    let mut killed = command(&["--output", "a", "patients.parquet"]).stderr(Stdio::null()).spawn().unwrap();
    while killed.try_wait().unwrap().is_none() && !path("a.partial.json").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let resumed = command(&["--output", "a", "--resume", "patients.parquet"]).output().unwrap();
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    let whole = command(&["patients.parquet"]).output().unwrap();
    assert!(whole.stdout == fs::read(path("a")).unwrap());
    let meta = fs::read_to_string(path("a.meta.json")).unwrap();
    let size = fs::metadata(path("patients.parquet")).unwrap().len();
    assert!(meta.contains(&format!("{{\"file\":\"patients.parquet\",\"bytes\":{size},\"hash\":")), "{meta}");

    let given = || Stdio::from(fs::File::open(path("patients.parquet")).unwrap());
    let unsaid = command(&["-"]).stdin(given()).output().unwrap();
    assert!(text(&unsaid.stderr).contains("`standard input` is a Parquet file and is read as text"));
    let mapping = fs::read_to_string(path("columns.yaml")).unwrap();
    fs::write(path("columns.yaml"), format!("format: parquet\n{mapping}")).unwrap();
    let piped = command(&["-"]).stdin(given()).output().unwrap();
    assert!(piped.stdout == whole.stdout, "{}", text(&piped.stderr));
}

/// `--format parquet`: the cells are those of `--format csv`.
#[test]
fn a_table_in_columns_is_the_table() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), Compression::SNAPPY, 1024);
    let path = |name: &str| folder.path().join(name);
    let command = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_myoguide"));
        command.args(["cohort", "--quiet", "--mapping", "columns.yaml", "--guideline", "acr_eular_response"]);
        command.args(["--select", "response,total_improvement_score"]).args(more).arg("patients.parquet");
        command.current_dir(folder.path());
        command
    };
    let refused = command(&["--format", "parquet"]).output().unwrap();
    assert_eq!(text(&refused.stderr), "error: `--format parquet` writes a file; name it with `--output`\n");
    let csv = command(&["--format", "csv", "--output", "a.csv"]).output().unwrap();
    assert!(csv.status.success(), "{}", text(&csv.stderr));
    // Killed, and gone on with.
    let columnar = ["--format", "parquet", "--output", "a.parquet"];
    let mut killed = command(&columnar).stderr(Stdio::null()).spawn().unwrap();
    while killed.try_wait().unwrap().is_none() && !path("a.parquet.partial.json").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let resumed = command(&[&columnar[..], &["--resume"]].concat()).output().unwrap();
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    for left in ["a.parquet.partial", "a.parquet.partial.json", "a.parquet.new"] {
        assert!(!path(left).exists(), "{left}");
    }

    let file = SerializedFileReader::new(fs::File::open(path("a.parquet")).unwrap()).unwrap();
    let mut rows = csv::Reader::from_path(path("a.csv")).unwrap();
    let names: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let mut count = 0;
    for (row, columns) in rows.records().zip(file.get_row_iter(None).unwrap()) {
        count += 1;
        for ((cell, name), (column, field)) in row.unwrap().iter().zip(&names).zip(columns.unwrap().get_column_iter()) {
            assert_eq!(name, column);
            let same = match field {
                Field::Null => cell.is_empty(),
                Field::Str(text) => text == cell,
                Field::Long(number) => name == "line" && number.to_string() == cell,
                other => panic!("{other:?}"),
            };
            assert!(same, "{name}: {cell} {field:?}");
        }
    }
    assert_eq!(count, ROWS);
    assert_eq!(i64::from(ROWS), file.metadata().file_metadata().num_rows());
    let codebook = fs::read_to_string(path("a.parquet.codebook.csv")).unwrap();
    assert!(codebook.starts_with("column,meaning,values,unit,type\nid,the record,,,text\nline,"), "{codebook}");
    let plain = fs::read_to_string(path("a.csv.codebook.csv")).unwrap();
    assert!(plain.starts_with("column,meaning,values,unit\nid,the record,,\n"), "{plain}");
}

/// What a mapping and a file come to.
fn read(mapping: &str, file: &[u8]) -> Result<Vec<Taken>, String> {
    let mut engine = Engine::open(&Library::embedded());
    let mapping = mapping::read(&mut engine, "mapping.yaml", mapping.to_owned()).unwrap();
    read_with(&mut engine, &mapping, file)
}

fn read_with(engine: &mut Engine, mapping: &Mapping, file: &[u8]) -> Result<Vec<Taken>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    fs::write(&path, file).unwrap();
    let named = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
    let files = Files { main: path, others: BTreeMap::new() };
    let mut mapped = Mapped::open(mapping, &files, true).map_err(|error| {
        named(match error {
            OpenError::Input(error) => format!("{error}\n"),
            OpenError::Mistakes(mistakes) => draw(engine.sources(), &mistakes, false),
        })
    })?;
    let (mut reader, mut all) = (mapped.reader(engine), Vec::new());
    let next = |mapped: &mut Mapped| mapped.next_block().map_err(|error: InputError| named(format!("{error}\n")));
    while let Some(block) = next(&mut mapped)? {
        Mapped::take(&mut reader, engine, &block, &mut |_, taken| all.push(taken));
    }
    Ok(all)
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots/cohort_input");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Every kind of column, each with a value, another, and an empty cell.
fn kinds() -> Vec<(&'static str, Cells)> {
    let uuid = vec![0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8];
    let bytes = |first: &[u8], second: &[u8]| vec![Some(first.to_vec()), Some(second.to_vec()), None];
    vec![
        ("optional binary id (STRING)", texts([Some(" a "), Some("b"), Some("c")])),
        ("optional boolean yes", Cells::Boolean(vec![Some(true), Some(false), None])),
        ("optional int32 whole", Cells::Short(vec![Some(-7), Some(i32::MAX), None])),
        ("optional int32 small (INTEGER(8,true))", Cells::Short(vec![Some(-128), Some(127), None])),
        ("optional int32 unsigned (INTEGER(32,false))", Cells::Short(vec![Some(-1), Some(1), None])),
        ("optional int64 large", Cells::Long(vec![Some(i64::MIN), Some(i64::MAX), None])),
        ("optional int64 unsigned_large (INTEGER(64,false))", Cells::Long(vec![Some(-1), Some(1), None])),
        ("optional float single", Cells::Single(vec![Some(0.1), Some(170.0), None])),
        ("optional double double", Cells::Double(vec![Some(1e21), Some(1e-7), None])),
        ("optional double odd", Cells::Double(vec![Some(f64::NAN), Some(f64::NEG_INFINITY), Some(-0.0)])),
        ("optional int32 decimal (DECIMAL(9,2))", Cells::Short(vec![Some(-5), Some(123_450), None])),
        ("optional int64 decimal_large (DECIMAL(18,0))", Cells::Long(vec![Some(-5), Some(100), None])),
        ("optional binary decimal_bytes (DECIMAL(20,3))", Cells::Bytes(bytes(&[0xff], &[1, 0, 0]))),
        (
            "optional fixed_len_byte_array(16) decimal_fixed (DECIMAL(38,38))",
            Cells::Fixed(bytes(&[0; 16], &[0xff; 16])),
        ),
        ("optional int32 day (DATE)", Cells::Short(vec![Some(-1), Some(19_782), Some(2_932_896)])),
        ("optional int32 day_far (DATE)", Cells::Short(vec![Some(2_932_897), Some(-719_528), Some(-719_529)])),
        ("optional int64 local (TIMESTAMP(MILLIS,false))", Cells::Long(vec![Some(-1), Some(86_400_000), None])),
        ("optional int64 micros (TIMESTAMP(MICROS,false))", Cells::Long(vec![Some(-1), Some(86_400_000_000), None])),
        ("optional int64 nanos (TIMESTAMP(NANOS,false))", Cells::Long(vec![Some(1), Some(30_600_000_000_000), None])),
        ("optional binary chosen (ENUM)", texts([Some("mild"), Some(""), None])),
        ("optional binary json (JSON)", texts([Some("{\"a\": 1}"), Some("\u{0}\u{1f}\u{7f}ä€😀\"\\"), None])),
        ("optional fixed_len_byte_array(16) uuid (UUID)", Cells::Fixed(vec![Some(uuid), None, None])),
    ]
}

/// Each column is carried, so that what was read shows.
fn carried(head: &str) -> String {
    let columns = kinds();
    let names: Vec<&str> = columns.iter().skip(1).map(|(field, _)| name(field)).collect();
    let mapping = format!("{head}id: id\nas_of: 2026-01-01\ncolumns: {{no: age}}\ncarry: [{}]\n", names.join(", "));
    let mut columns = columns;
    columns.push(("optional int32 no", Cells::Short(vec![None; 3])));
    let all = read(&mapping, &parquet(&columns, 3, 2, Compression::SNAPPY)).unwrap();
    let ids: Vec<&str> = all.iter().map(|taken| taken.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(all.iter().all(|taken| taken.record.is_ok()));
    let mut shown = String::new();
    for (at, name) in names.iter().enumerate() {
        let cells: Vec<&str> = all.iter().map(|taken| taken.carried[at].1.as_str()).collect();
        let _ = writeln!(shown, "{name}: {cells:?}");
    }
    shown
}

/// `optional int32 day (DATE)`
fn name(field: &str) -> &str {
    field.split(' ').nth(2).unwrap()
}

#[test]
fn every_kind_of_column_is_read_in_the_marks_of_the_mapping() {
    snapshot("parquet_kinds", &carried(""));
    snapshot(
        "parquet_kinds_german",
        &carried("decimal: comma\nthousands: point\ndates: dd.mm.yyyy\nencoding: latin-1\n"),
    );
    let excel = carried("dates: excel\n");
    let days =
        excel.lines().filter(|line| ["day", "day_far", "local", "nanos"].contains(&line.split(':').next().unwrap()));
    assert_eq!(
        days.collect::<Vec<_>>(),
        [
            "day: [\"25568\", \"45351\", \"2958465\"]",
            "day_far: [\"2958466\", \"-693959\", \"-693960\"]",
            "local: [\"25568.999999988425925\", \"25570\", \"\"]",
            "nanos: [\"25569.000000000000011\", \"25569.354166666666666\", \"\"]",
        ]
    );
}

#[test]
fn columns_that_cannot_be_read_are_refused_by_name_before_a_row_is() {
    let fields = [
        "required binary id (STRING)",
        "optional int32 age",
        "repeated int32 list",
        "optional group parts { optional int32 part; }",
        "optional binary bytes",
        "optional fixed_len_byte_array(3) three",
        "optional fixed_len_byte_array(2) half (FLOAT16)",
        "optional int96 old",
        "optional int64 universal (TIMESTAMP(MICROS,true))",
        "optional int64 older (TIMESTAMP_MILLIS)",
        "optional int32 time (TIME(MILLIS,true))",
        "optional fixed_len_byte_array(20) wide (DECIMAL(40,2))",
        "required binary x (STRING)",
        "required binary x (STRING)",
    ];
    let columns: Vec<(&str, Cells)> = fields.iter().map(|field| (*field, Cells::Short(Vec::new()))).collect();
    let file = parquet(&columns, 0, 1, Compression::UNCOMPRESSED);
    let names = "list, parts, bytes, three, half, old, universal, older, time, wide, x, parts.part, lost";
    let mapping = format!("duplicates: each\n{PLAIN}carry: [{names}]\n");
    snapshot("parquet_columns", &read(&mapping, &file).unwrap_err());
    // What the mapping does not read may stand there.
    assert!(read(&format!("duplicates: each\n{PLAIN}"), &file).unwrap().is_empty());
    let refused = read(PLAIN, &file).unwrap_err();
    assert!(
        refused.contains("which rows of `rows.parquet` stand twice cannot be told: its column `list`"),
        "{refused}"
    );
    assert!(refused.contains("say `duplicates: each`"), "{refused}");
}

#[test]
fn rows_that_stand_twice_are_told_apart_by_every_column() {
    let mut columns = vec![
        ("required binary id (STRING)", texts([Some("a"), Some("a"), Some("a"), Some("b")])),
        ("optional int32 age", Cells::Short(vec![Some(40), Some(40), Some(40), None])),
        ("optional binary sample", Cells::Bytes(vec![Some(vec![0xff]), Some(vec![0xfe]), Some(vec![0xff]), None])),
    ];
    let lines = |mapping: &str, columns: &[(&str, Cells)]| {
        let all = read(mapping, &parquet(columns, 4, 3, Compression::SNAPPY)).unwrap();
        all.iter().map(|taken| taken.line).collect::<Vec<_>>()
    };
    assert_eq!(lines(PLAIN, &columns), [1, 2, 4]);
    columns.push(("repeated int32 list", Cells::Lists(vec![vec![1, 2], vec![], vec![3], vec![4]])));
    assert_eq!(lines(&format!("duplicates: each\n{PLAIN}"), &columns), [1, 2, 3, 4]);
}

#[test]
fn what_is_no_whole_parquet_file_is_refused() {
    let columns = [
        ("required binary id (STRING)", texts([Some("a"), Some("b")])),
        ("optional int32 age", Cells::Short(vec![Some(40), None])),
    ];
    let file = parquet(&columns, 2, 1, Compression::SNAPPY);
    let is = |name: &str, what: &str, bytes: &[u8], mapping: &str| {
        let said = said(mapping, name, bytes);
        assert!(said.starts_with(&format!("error: `{name}` {what}")), "{said}");
    };
    is("rows.parquet", "is no Parquet file, though it is called one", b"id,age\n1,40\n", PLAIN);
    is("rows.parquet", "is no Parquet file", b"", PLAIN);
    is("rows.csv", "is no Parquet file", b"id,age\n1,40\n", &format!("format: parquet\n{PLAIN}"));
    let end = file.len() - 20;
    is("rows.parquet", "is cut off: its end is missing", &file[..end], PLAIN);
    is("rows.parquet", "is a Parquet file and is read as text", &file, &format!("format: csv\n{PLAIN}"));
    is("rows.csv", "is a Parquet file and is read as text", &file, PLAIN);
    let mut locked = file.clone();
    let mark = locked.len() - 4;
    locked[mark..].copy_from_slice(b"PARE");
    is("rows.parquet", "is encrypted", &locked, PLAIN);
    // A letter that is none is a mistake of its row.
    let broken =
        [columns[0].clone(), ("optional binary age (STRING)", Cells::Bytes(vec![Some(vec![b'4', 0xff]), None]))];
    let all = read(PLAIN, &parquet(&broken, 2, 2, Compression::SNAPPY)).unwrap();
    let codes: Vec<&str> =
        all.iter().filter_map(|taken| taken.record.as_ref().err()).map(|all| all[0].code.as_str()).collect();
    assert_eq!(codes, ["I022"]);
}

/// Whatever stands in a file, the program says so and goes on: no byte of a damaged one ends it.
#[test]
fn a_damaged_file_ends_nothing() {
    let registry = registry();
    let (mut whole, mut refused) = (0, 0);
    for compression in [Compression::UNCOMPRESSED, Compression::ZSTD(ZstdLevel::default())] {
        let columns: Vec<(&str, Cells)> =
            registry.visit_columns.iter().map(|(field, cells)| (*field, cells.rows(0, 40))).collect();
        let file = parquet(&columns, 40, 25, compression);
        let mapping = "id: id\nvisit: {date: day}\ncolumns: {mmt8: mmt8}\n";
        let mut engine = Engine::open(&Library::embedded());
        let mapping = mapping::read(&mut engine, "mapping.yaml", mapping.to_owned()).unwrap();
        for at in (4..file.len() - 4).step_by(3) {
            for change in [0x01, 0x80] {
                let mut damaged = file.clone();
                damaged[at] ^= change;
                match read_with(&mut engine, &mapping, &damaged) {
                    Ok(_) => whole += 1,
                    Err(said) => {
                        assert!(said.contains("rows.parquet"), "{said}");
                        refused += 1;
                    }
                }
            }
        }
    }
    println!("{whole} read, {refused} refused");
    assert!(refused > 300);
}
