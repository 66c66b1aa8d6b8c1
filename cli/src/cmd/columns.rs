//! The options that name the columns of an interaction file, shared by the verbs that read one.

/// Which column is which.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Columns of the interaction files (by name, or by number without a header)")]
pub struct ColumnArgs {
    /// Column of users [default: user, userId, user_id, ...; else the first]
    #[arg(long, value_name = "COLUMN")]
    user_column: Option<String>,
    /// Column of items [default: item, itemId, movieId, ...; else the second]
    #[arg(long, value_name = "COLUMN")]
    item_column: Option<String>,
    /// Column of ratings or weights [default: rating, value, ...; else the third; 1 without one]
    #[arg(long, value_name = "COLUMN")]
    value_column: Option<String>,
    /// Column of times, in seconds or milliseconds since 1970 or ISO 8601 [default: timestamp, time, ...;
    /// else the fourth]
    #[arg(long, value_name = "COLUMN")]
    time_column: Option<String>,
}

impl From<ColumnArgs> for crate::data::Columns {
    fn from(args: ColumnArgs) -> Self {
        Self {
            user: args.user_column,
            item: args.item_column,
            value: args.value_column,
            time: args.time_column,
        }
    }
}
