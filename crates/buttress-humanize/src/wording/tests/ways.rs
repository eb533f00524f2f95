//! Which language is spoken, and how it says times, sizes and quantities.

use super::*;

#[test]
fn sentences_are_joined_as_the_language_does() {
    let failure = Failure::new(FailureKind::Overloaded);
    let call = Call::to("a.example");
    let english = format!("{:#}", Language::English.explain(&failure, &call));
    assert!(english.contains("right now. The cause"), "{english}");
    let japanese = format!("{:#}", Language::Japanese.explain(&failure, &call));
    assert!(!japanese.contains("。 "), "{japanese}");
}

#[test]
fn languages_are_negotiated() {
    use Language::*;
    let table: &[(&[&str], Language)] = &[
        (&[], English),
        (&["de"], German),
        (&["DE-at"], German),
        (&["de-CH-1996"], German),
        (&["fr-CA, fr;q=0.9, en;q=0.8"], French),
        (&["tlh, es;q=0.5"], Spanish),
        (&["en;q=0.5, ja"], Japanese),
        (&["ja, de"], Japanese),
        (&["zh"], SimplifiedChinese),
        (&["zh-CN"], SimplifiedChinese),
        (&["zh-Hans-SG"], SimplifiedChinese),
        (&["zh-TW"], English),
        (&["zh-Hant-HK, de;q=0.1"], German),
        (&["zh-TW, zh;q=0.9, en-US;q=0.8"], SimplifiedChinese),
        (&["pt-PT"], BrazilianPortuguese),
        (&["pt"], BrazilianPortuguese),
        (&["de;q=0, fr;q=0.001"], French),
        (&["de;q=0"], English),
        (&["*, de;q=0.9"], English),
        (&["de, *;q=0.5"], German),
        (&["de;q=x, es"], Spanish),
        (&["it", "es;q=0.2"], Spanish),
        (&["deu"], English),
        (&[""], English),
        (&[";;,,--"], English),
        (&["\u{e9}"], English),
    ];
    for (lines, expected) in table {
        let mut headers = HeaderMap::new();
        for line in *lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(ACCEPT_LANGUAGE, line);
        }
        assert_eq!(Language::negotiate(&headers), *expected, "{lines:?}");
    }
    for language in Language::ALL {
        assert_eq!(Language::lookup(language.tag()), Some(*language));
    }
}

#[test]
fn times_read_as_a_person_says_them() {
    for (millis, said) in [
        (0, "0 s"),
        (3, "0.1 s"),
        (100, "0.1 s"),
        (250, "0.3 s"),
        (999, "1 s"),
        (1_500, "1.5 s"),
        (2_000, "2 s"),
        (9_949, "9.9 s"),
        (9_950, "10 s"),
        (30_400, "30 s"),
        (59_499, "59 s"),
        (59_500, "1 min"),
        (60_000, "1 min"),
        (90_000, "1 min 30 s"),
        (120_000, "2 min"),
        (3_599_499, "59 min 59 s"),
        (3_599_500, "1 h"),
        (7_200_000, "2 h"),
        (22_800_000, "6 h 20 min"),
        (86_369_999, "23 h 59 min"),
        (86_370_000, "1 day"),
        (259_200_000, "3 days"),
        (1_209_600_000 + 7_200_000, "14 days 2 h"),
    ] {
        let millis = Duration::from_millis(millis);
        assert_eq!(time(Language::English, millis), said);
    }
    assert_eq!(time(Language::English, Duration::from_nanos(1)), "0.1 s");
    assert!(time(Language::English, Duration::MAX).ends_with('h'));
}

#[test]
fn sizes_read_as_a_person_says_them() {
    for (bytes, said) in [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_549, "1.5 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (12_345, "12 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (3_200_000_000, "3.2 GB"),
        (u64::MAX, "18446744074 GB"),
    ] {
        assert_eq!(size(Language::English, bytes), said);
    }
}

#[test]
fn quantities_are_those_of_the_language() {
    use Language::*;
    let days = Duration::from_secs(2 * 86_400 + 3 * 3_600);
    let day = Duration::from_secs(86_400);
    for (language, tenths, one, two, bytes, kilobytes) in [
        (German, "1,5 s", "1 Tag", "2 Tage 3 h", "1 Byte", "1,5 kB"),
        (Spanish, "1,5 s", "1 día", "2 días 3 h", "1 byte", "1,5 kB"),
        (
            French,
            "1,5 s",
            "1 jour",
            "2 jours 3 h",
            "1 octet",
            "1,5 ko",
        ),
        (
            Japanese,
            "1.5 秒",
            "1 日",
            "2 日 3 時間",
            "1 バイト",
            "1.5 キロバイト",
        ),
        (
            SimplifiedChinese,
            "1.5 秒",
            "1 天",
            "2 天 3 小时",
            "1 字节",
            "1.5 kB",
        ),
        (
            BrazilianPortuguese,
            "1,5 s",
            "1 dia",
            "2 dias 3 h",
            "1 byte",
            "1,5 kB",
        ),
    ] {
        assert_eq!(time(language, Duration::from_millis(1_500)), tenths);
        assert_eq!(time(language, day), one);
        assert_eq!(time(language, days), two);
        assert_eq!(size(language, 1), bytes);
        assert_eq!(size(language, 1_500), kilobytes);
    }
}
