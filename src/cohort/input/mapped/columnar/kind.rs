use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use ::parquet::schema::types::ColumnDescriptor;

/// How many digits of a decimal are held.
const DIGITS: i32 = 38;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Whole,
    Unsigned,
    Fraction,
    /// A whole number, and so many of its last digits after the mark.
    Decimal(u32),
    Text,
    Uuid,
    /// Days since 1970.
    Day,
    /// Local time since 1970, so many to a second.
    Moment(i64),
    /// No text stands for it; two are the same only to the byte.
    Raw,
}

/// Why the values of a column cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// What it holds.
    pub(super) holds: &'static str,
    /// The way out.
    pub(super) way_out: &'static str,
}

/// A column that is no column of single values.
pub(super) const NESTED: Unreadable = Unreadable {
    holds: "lists or groups of values, not one in each row",
    way_out: "write each value into a column, or a row, of its own",
};
const BYTES: Unreadable =
    Unreadable { holds: "bytes that are not marked as text", way_out: "write the column as text (a string)" };
const UNIVERSAL: Unreadable = Unreadable {
    holds: "moments of universal time, which may be another day where the patient was",
    way_out: "write the column as dates, or as local time without a time zone",
};
const TIME_OF_DAY: Unreadable = Unreadable { holds: "times of day", way_out: "name the column under `ignore`" };
const OTHER: Unreadable =
    Unreadable { holds: "values of a kind that is not read", way_out: "write the column as text (a string)" };

impl Kind {
    /// What a column of single values holds.
    pub(super) fn of(column: &ColumnDescriptor) -> Result<Self, Unreadable> {
        let (logical, converted) = (column.logical_type_ref(), column.converted_type());
        let is_decimal = matches!(logical, Some(LogicalType::Decimal(_))) || converted == ConvertedType::DECIMAL;
        if is_decimal {
            let scale = u32::try_from(column.type_scale()).ok();
            let held = (1..=DIGITS).contains(&column.type_precision());
            return scale.filter(|_| held).map(Kind::Decimal).ok_or(OTHER);
        }
        match column.physical_type() {
            Physical::BOOLEAN => Ok(Kind::Boolean),
            Physical::FLOAT | Physical::DOUBLE => Ok(Kind::Fraction),
            Physical::INT96 => Err(UNIVERSAL),
            Physical::INT32 | Physical::INT64 => of_whole(logical, converted),
            Physical::BYTE_ARRAY => {
                let said = matches!(logical, Some(LogicalType::String | LogicalType::Enum | LogicalType::Json));
                let said = said || matches!(converted, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON);
                let nothing = matches!(logical, Some(LogicalType::Unknown));
                if said || nothing { Ok(Kind::Text) } else { Err(BYTES) }
            }
            Physical::FIXED_LEN_BYTE_ARRAY => match logical {
                Some(LogicalType::Uuid) => Ok(Kind::Uuid),
                Some(LogicalType::Float16) => Err(OTHER),
                Some(_) | None => Err(BYTES),
            },
        }
    }
}

fn of_whole(logical: Option<&LogicalType>, converted: ConvertedType) -> Result<Kind, Unreadable> {
    if let Some(LogicalType::Date) = logical {
        return Ok(Kind::Day);
    }
    if let Some(LogicalType::Timestamp(about)) = logical {
        let per_second = match about.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        return if about.is_adjusted_to_u_t_c { Err(UNIVERSAL) } else { Ok(Kind::Moment(per_second)) };
    }
    if let Some(LogicalType::Integer(about)) = logical {
        return Ok(if about.is_signed { Kind::Whole } else { Kind::Unsigned });
    }
    if let Some(LogicalType::Time(_)) = logical {
        return Err(TIME_OF_DAY);
    }
    // Of a column in which nothing stands, what would stand there is not known.
    if !matches!(logical, None | Some(LogicalType::Unknown)) {
        return Err(OTHER);
    }
    // As older programs say it; their moments are of universal time.
    if converted == ConvertedType::DATE {
        return Ok(Kind::Day);
    }
    if matches!(converted, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS) {
        return Err(UNIVERSAL);
    }
    if matches!(converted, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) {
        return Err(TIME_OF_DAY);
    }
    let unsigned = [ConvertedType::UINT_8, ConvertedType::UINT_16, ConvertedType::UINT_32, ConvertedType::UINT_64];
    Ok(if unsigned.contains(&converted) { Kind::Unsigned } else { Kind::Whole })
}
