//! Finding what people type somewhere inside a text.

#[diesel::declare_sql_function]
extern "SQL" {
    /// SQLite lowercases ASCII letters alone, PostgreSQL whatever its locale knows.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The pattern, for `LIKE … ESCAPE '\'`, of whatever contains `text`: wildcards of the database mean themselves.
#[must_use]
pub fn like_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars().filter(|letter| *letter != '\0').take(100) {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
