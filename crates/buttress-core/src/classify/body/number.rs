//! Numbers that vendors give their errors, each read where its vendor writes it: the same number
//! means another thing under another name.

use crate::classify::Classification;
use crate::classify::text::rule::{
    AUTH, BAD_REQUEST, CONTEXT, FILTERED, NOT_FOUND, OVERLOADED, PERMISSION, QUOTA, RATE, SERVER,
    TIMEOUT_HEAD,
};

/// What the number `code` means as the value of `key`, which is a name without its marks.
pub(super) fn of(key: &str, code: i64) -> Option<Classification> {
    match key {
        "code" | "type" => of_code(code),
        "statuscode" => of_minimax(code),
        "errorcode" => of_baidu(code),
        _ => None,
    }
}

/// Zhipu's (`docs.z.ai`, "Error codes"), Mistral's, iFlytek's (Spark's "error codes"), SiliconFlow's
/// and Baidu's newer ones.
fn of_code(code: i64) -> Option<Classification> {
    Some(match code {
        1000..=1004 => AUTH,
        1110..=1112 | 1120 | 1121 => AUTH,
        1113 | 1304 | 1308..=1311 | 1313 | 1316 | 1317 => QUOTA,
        1210 | 1212..=1215 => BAD_REQUEST,
        1211 | 1222 => NOT_FOUND,
        1220 => PERMISSION,
        1230 | 1234 => SERVER,
        1261 => CONTEXT,
        1300 | 1302 | 1303 => RATE,
        1301 => FILTERED,
        1305 | 1312 | 3505 => OVERLOADED,
        // iFlytek.
        10_007 | 11_202 | 11_203 => RATE,
        10_008 | 10_010 | 10_110 => OVERLOADED,
        10_013 | 10_014 | 10_019 => FILTERED,
        10_163 => BAD_REQUEST,
        10_907 => CONTEXT,
        11_200 | 11_201 => QUOTA,
        // SiliconFlow.
        20_012 => NOT_FOUND,
        20_015 => BAD_REQUEST,
        30_001 => QUOTA,
        50_505 | 50_603 => OVERLOADED,
        336_000..=336_999 => return of_baidu(code),
        _ => return None,
    })
}

/// Those in the `base_resp` of MiniMax's answers.
fn of_minimax(code: i64) -> Option<Classification> {
    Some(match code {
        1000 | 1013 | 1024 | 1033 => SERVER,
        1001 => TIMEOUT_HEAD,
        1002 | 1039 | 1041 | 2045 => RATE,
        1004 | 2049 => AUTH,
        1008 | 2056 => QUOTA,
        1026 | 1027 => FILTERED,
        1042 | 2013 => BAD_REQUEST,
        _ => return None,
    })
}

/// Those of Baidu's cloud and of Qianfan.
fn of_baidu(code: i64) -> Option<Classification> {
    Some(match code {
        1 | 336_000 => SERVER,
        2 | 4 | 336_100 => OVERLOADED,
        3 => NOT_FOUND,
        6 => PERMISSION,
        17 | 19 => QUOTA,
        18 | 336_501..=336_507 => RATE,
        13 | 14 | 110 | 111 => AUTH,
        100 | 336_001..=336_006 => BAD_REQUEST,
        336_103 => CONTEXT,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureKind::*;

    #[test]
    fn numbers_mean_what_their_vendors_say() {
        for (code, expected) in [
            // Zhipu: it fails to authenticate, the header is missing, the token is wrong or expired.
            (1000, Auth),
            (1001, Auth),
            (1002, Auth),
            (1003, Auth),
            (1004, Auth),
            // The account is not active, does not exist, is locked.
            (1110, Auth),
            (1111, Auth),
            (1112, Auth),
            (1120, Auth),
            (1121, Auth),
            // It is in arrears, or has had what its plan or its day allows.
            (1113, QuotaExhausted),
            (1304, QuotaExhausted),
            (1308, QuotaExhausted),
            (1309, QuotaExhausted),
            (1310, QuotaExhausted),
            (1311, QuotaExhausted),
            (1313, QuotaExhausted),
            // Parameters that are wrong, missing or exclude one another.
            (1210, BadRequest),
            (1212, BadRequest),
            (1213, BadRequest),
            (1214, BadRequest),
            (1215, BadRequest),
            // No such model, no such API, and no right to it.
            (1211, NotFound),
            (1222, NotFound),
            (1220, Permission),
            // It fails on its own side.
            (1230, ServerError),
            (1234, ServerError),
            (1261, ContextLength),
            (1301, ContentFiltered),
            // Too many at once, too many in a time; 1300 is Mistral's.
            (1300, RateLimited),
            (1302, RateLimited),
            (1303, RateLimited),
            // Too many for everybody; 3505 is Mistral's.
            (1305, Overloaded),
            (1312, Overloaded),
            (3505, Overloaded),
            // iFlytek.
            (10_013, ContentFiltered),
            (10_907, ContextLength),
            (11_202, RateLimited),
            // SiliconFlow.
            (20_012, NotFound),
            (30_001, QuotaExhausted),
            (50_505, Overloaded),
            // Baidu.
            (336_501, RateLimited),
        ] {
            let said = of("code", code).map(|class| class.kind);
            assert_eq!(said, Some(expected), "{code}");
        }
        // Statuses, the codes of gRPC and numbers of anybody else.
        for code in [
            -1, 0, 7, 14, 429, 503, 999, 1005, 1109, 1216, 1299, 3504, 10054,
        ] {
            assert!(of("code", code).is_none(), "{code}");
        }
    }

    #[test]
    fn a_number_means_something_under_one_name_only() {
        for (key, code, expected) in [
            ("statuscode", 1004, Some(Auth)),
            ("statuscode", 1008, Some(QuotaExhausted)),
            ("statuscode", 1002, Some(RateLimited)),
            ("statuscode", 1026, Some(ContentFiltered)),
            ("statuscode", 2013, Some(BadRequest)),
            ("statuscode", 1211, None),
            ("errorcode", 17, Some(QuotaExhausted)),
            ("errorcode", 18, Some(RateLimited)),
            ("errorcode", 110, Some(Auth)),
            ("errorcode", 336_100, Some(Overloaded)),
            ("errorcode", 1010, None),
            ("code", 18, None),
            ("limit", 1302, None),
        ] {
            let said = of(key, code).map(|class| class.kind);
            assert_eq!(said, expected, "{key} {code}");
        }
    }
}
