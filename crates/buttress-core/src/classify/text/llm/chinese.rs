//! What Chinese services say: one word for what it is about and one for what is the matter with it,
//! because their sentences are put together from these.

use crate::classify::text::rule::{
    AUTH, BAD_REQUEST, CONTEXT, FILTERED, NOT_FOUND, OVERLOADED, PERMISSION, QUOTA, RATE, Rule,
    SERVER, rule,
};

/// What shows that something is more than may be.
const TOO_MUCH: &[&str] = &[
    "过长", "超长", "太长", "过大", "超出", "超过", "超限", "上限", "限制", "压缩",
];

/// What shows that something is used up.
const SPENT: &[&str] = &[
    "不足",
    "耗尽",
    "用尽",
    "用完",
    "用光",
    "已达",
    "超出",
    "超过",
    "超限",
    "到期",
    "过期",
    "欠费",
    "无可用",
    "没有可用",
];

/// What shows that something is not accepted.
const REJECTED: &[&str] = &[
    "无效",
    "失效",
    "过期",
    "失败",
    "错误",
    "不正确",
    "不存在",
    "未提供",
    "缺失",
    "为空",
    "非法",
    "不合法",
];

pub(in crate::classify::text) static RULES: &[Rule] = &[
    rule(
        &[
            "上下文",
            "提示词",
            "输入长度",
            "输入内容",
            "token 数",
            "token数",
            "tokens 数",
        ],
        CONTEXT,
    )
    .with(TOO_MUCH)
    .none(&["频率", "每分钟"]),
    rule(&["欠费", "请充值", "请续费"], QUOTA),
    rule(
        &[
            "配额",
            "额度",
            "余额",
            "套餐",
            "积分",
            "资源包",
            "费用",
            "用量",
        ],
        QUOTA,
    )
    .with(SPENT)
    .none(&["每分钟", "频率", "并发"]),
    rule(
        &[
            "频率",
            "频繁",
            "限频",
            "限流",
            "并发",
            "请求数",
            "请求次数",
            "每分钟",
            "速率",
        ],
        RATE,
    ),
    rule(
        &[
            "过载",
            "负载",
            "繁忙",
            "拥挤",
            "人数较多",
            "访问量",
            "请求量",
            "资源紧张",
            "算力不足",
            "暂时不可用",
            "无法提供服务",
        ],
        OVERLOADED,
    ),
    rule(&["敏感", "违规", "审核", "不安全"], FILTERED).none(&["禁止访问", "封禁"]),
    rule(&["安全策略", "安全审查", "风控"], FILTERED).with(&[
        "没有通过",
        "未通过",
        "命中",
        "触发",
        "拦截",
    ]),
    rule(
        &[
            "无权",
            "没有权限",
            "权限不足",
            "禁止访问",
            "封禁",
            "未开通",
            "被禁用",
        ],
        PERMISSION,
    ),
    rule(
        &[
            "密钥", "令牌", "认证", "鉴权", "登录", "签名", "api key", "apikey", "token",
        ],
        AUTH,
    )
    .with(REJECTED),
    rule(&["未登录", "请登录", "请先登录"], AUTH),
    rule(&["应用", "空间", "接入点", "资源"], NOT_FOUND).with(&["不存在", "未找到", "找不到"]),
    rule(&["模型"], NOT_FOUND).with(&["不存在", "不支持", "未找到", "已下线", "找不到"]),
    rule(&["参数", "请求体", "格式", "字段", "应用id"], BAD_REQUEST).with(REJECTED),
    rule(&["格式"], BAD_REQUEST).with(&["不是", "不支持", "不符合"]),
    rule(
        &[
            "内部错误",
            "服务器错误",
            "系统错误",
            "系统异常",
            "服务异常",
            "服务器异常",
            "网络错误",
            "未知错误",
            "调用失败",
            "执行失败",
            "生成失败",
        ],
        SERVER,
    ),
];
