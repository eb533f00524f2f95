# 简体中文。结构和变量见 en.ftl。

x-host-first = { $named ->
    [no] 服务器
   *[yes] { $host }{" "}
}
x-host-between = { $named ->
    [no] 服务器
   *[yes] {" "}{ $host }{" "}
}
x-times-attempts = { $attempts } 次
x-times-resumes = { $resumes } 次
x-waited = { $waited ->
    [none] {""}
   *[some] ，其间共等待 { $waited }
}
x-in-time = { $limit ->
    [unknown] 未能及时
   *[known] 未能在 { $limit }内
}

## 句子和数量的组成

sentence = { $text }。
with-status = { $text }（状态码 { $status }）。
time-seconds = { $n } 秒
time-minutes = { $n } 分钟
time-hours = { $n } 小时
time-days = { $n } 天
time-two = { $big } { $small }
size-bytes = { $n } 字节
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB

## 标题

label-colon = { $text }：
label-side = 原因在哪一侧
label-tried = 已经尝试过什么
label-come-back = 何时再试
label-next = 接下来怎么做
label-code = 代码
label-reference = 查询编号

## 已经尝试过什么

tries-attempts = 该请求共尝试了 { x-times-attempts }{ x-waited }。
tries-resumes = 响应从中断处续传了 { x-times-resumes }{ x-waited }。
tries-both = 该请求共尝试了 { x-times-attempts }，响应从中断处续传了 { x-times-resumes }{ x-waited }。
stopped-not_transient = 没有再次尝试，因为结果会是一样的。
stopped-not_repeatable = 没有自动重新发送，因为该请求可能已经生效。
stopped-body_not_replayable = 无法自动重新发送，因为没有保留请求的内容。
stopped-not_resumable = 响应无法从中断处继续，因为无法确定剩余部分能够衔接。
stopped-answer_differs = 为获取剩余部分重新发送了请求，但得到的是不同的响应，而两个不同的响应绝不会被拼接在一起。
stopped-server_said_no = 服务器要求不要再尝试。
stopped-attempts = 已达到允许的尝试次数。
stopped-elapsed = 允许用于尝试的时间已经用完。
stopped-deadline = 此次调用的时限内已来不及再试一次。
stopped-hint_too_long = 服务器要求的等待时间超过了此次调用可以等待的时间。
stopped-budget = 目前有许多调用失败，为了不让情况恶化，没有再次尝试。
stopped-no_progress = 每次都在收到新内容之前再次中断。
kept-part = 已经收到的部分响应（{ $size }）已转交，其余部分缺失。

## 何时再试

come-back-in = 请在 { $wait }后再试。
come-back-pause = 服务器要求等待 { $wait }。

## 是否以及何时重新发送请求

again-may-be-done = 请先弄清该请求是否已经完成了它要做的事；只有在没有完成时才重新发送。
again-after = 请等待 { $wait }后再试。
again-said-no = 请暂时搁置，稍后再试。
again-useless = 在情况有所改变之前，重复同样的操作大概没有用。
again-minutes = 请等几分钟再试：刚才已有 { $attempts } 次尝试失败，现在再试一次很可能也会失败。
again-unprocessed = 请稍后再试。该请求没有被处理，因此不会有任何操作被执行两次。
again-minute = 请过一分钟再试。
again-from-start = 请再试一次，响应会从头开始。如果该请求会改变某些内容（付款、消息、文件），请先检查是否已经执行。
again = 请再试一次。如果该请求会改变某些内容（付款、消息、文件），请先检查是否已经执行。

## 传输途中

connection_closed-title = 连接已被关闭
connection_closed-sometime = 与{ x-host-between }的连接被关闭
connection_closed-connecting = 与{ x-host-between }的连接在建立过程中被关闭
connection_closed-sending = 与{ x-host-between }的连接在发送请求时被关闭
connection_closed = 与{ x-host-between }的连接在收到响应之前被关闭
connection_closed-beginning = 与{ x-host-between }的连接在响应刚开始时被关闭
connection_closed-answering = { $size ->
    [unknown] 与{ x-host-between }的连接在响应途中被关闭
   *[known] 与{ x-host-between }的连接在响应途中被关闭，当时已收到 { $size }
}
connection_reset-title = 连接已中断
connection_reset-sometime = 与{ x-host-between }的连接中断
connection_reset-connecting = 与{ x-host-between }的连接在建立过程中中断
connection_reset-sending = 与{ x-host-between }的连接在发送请求时中断
connection_reset = 与{ x-host-between }的连接在收到响应之前中断
connection_reset-beginning = 与{ x-host-between }的连接在响应刚开始时中断
connection_reset-answering = { $size ->
    [unknown] 与{ x-host-between }的连接在响应途中中断
   *[known] 与{ x-host-between }的连接在响应途中中断，当时已收到 { $size }
}
connection-side = 最可能是网络，或途中的代理、VPN、防火墙等断开了连接；也可能是服务器自己断开的。没有迹象表明请求有误。
step-same-time = 如果总是在差不多相同的时间后中断，说明途中有设备限制了响应的时长：请要求较短的响应，或请代理、防火墙的管理者放宽这一限制。
step-find-cause = 如果反复发生，请换一个网络，或暂时关闭 VPN 或代理，以找出是哪一个造成的。
local-side = 服务器的地址就在这台计算机上。最可能是服务器已停止、内存不足，或正在重新启动。如果它只是转发请求（例如隧道或网关），原因可能在它后面。没有迹象表明请求有误。
step-local-log = 如果反复发生，请查看服务器是否还在运行，并查看它的日志。
step-local-proxy = 如果这台计算机设置了代理，请确保访问本机地址时不使用它。

stream_truncated-title = 响应不完整
stream_truncated = { $size ->
    [unknown] 来自{ x-host-between }的响应在完成之前就结束了
   *[known] 来自{ x-host-between }的响应在收到 { $size }后、完成之前就结束了
}
stream_truncated-side = 最可能是网络、途中的代理等设备，或服务器提前结束了响应。没有迹象表明请求有误。
step-not-whole = 请不要把已收到的部分当作完整的响应使用。
step-same-place = 如果总是在差不多相同的位置结束，请要求较短的响应，或告知服务器的运营方。

connection_refused-title = 该地址无人应答
connection_refused = { x-host-first }在此地址不接受连接
connection_refused-side = 原因在服务器或地址：服务器没有运行、正在重启，或使用了其他端口。网络本身正常。
step-address-and-port = 请检查地址和端口号是否正确。
step-start-server = 如果是您自己的服务器，请查看它是否在运行，没有运行就启动它。

unreachable-title = 无法到达服务器
unreachable = 这台计算机找不到通往{ x-host-between }的路径
unreachable-side = 最可能的原因是这一侧的网络：互联网连接、VPN 或防火墙。
step-online = 请检查这台计算机是否联网，例如打开一个网页。
step-inside-or-outside = 如果服务器在公司网络内，请连接公司的 VPN；如果已开启 VPN 而服务器不在其中，请关闭 VPN 再试。

dns-title = 找不到服务器的名称
dns = 无法查到{ x-host-between }的网络地址
dns-side = 要么名称不正确，要么这一侧网络的域名服务目前不可用。
step-spelling = 请检查设置中服务器名称的拼写。
step-inside = 如果该名称只存在于公司网络内，请连接公司的 VPN。

proxy-title = 代理没有转发请求
proxy = 通往{ x-host-between }途中的代理没有放行该请求
proxy-side = 原因是把这台计算机的请求转发到互联网的代理，或这一侧的代理设置。服务器很可能没有收到该请求。
step-proxy-settings = 请检查本程序的代理设置：地址、用户名和密码。
step-without-proxy = 如果此网络可以不用代理，请不使用代理再试。
step-allow-server = 否则，请联系代理的管理者，允许连接到该服务器。
step-no-proxy = 如果您没有使用代理，请检查地址：没有加密的服务器需要用 http:// 而不是 https://，端口号往往也不同。

captive_portal-title = 收到的是网页，而不是响应
captive_portal = 收到的不是{ x-host-between }的响应，而是一个网页，可能是此网络的登录页面
captive_portal-side = 最可能的原因是这台计算机所用的网络，酒店、火车和一些办公室常有这种情况；也可能是设置中的地址属于网站，而不是服务本身。
step-sign-in = 请在浏览器中打开任意网页，登录该网络或接受其条款。
step-then-again = 然后再试一次。
step-no-such-page = 如果没有出现这样的页面，请检查设置中的服务器地址，并换一个网络试试，例如手机热点。

## 安全连接

tls_untrusted-title = 服务器的证书不受信任
tls_untrusted = { x-host-first }出示的证书不受这台计算机信任，因此没有发送任何内容
tls_untrusted-side = 原因通常是这一侧的公司网络或安全软件：它们会打开安全连接进行检查，并用自己的证书替换服务器的证书。有时原因在服务器，例如它使用了自制的证书。
step-root-certificate = 在公司网络中，请向 IT 部门索取其根证书，并添加到本程序信任的证书中。
step-hotspot = 请从其他网络试一次，例如手机热点：如果可以，说明原来的网络在检查连接。
step-public-certificate = 如果是您自己的服务器，请为它配置公共机构颁发的证书，或把它的证书添加到本程序信任的证书中。
step-keep-checks = 请保持证书检查处于开启状态：否则途中的任何人都可能看到内容。

tls_expired-title = 服务器的证书目前无效
tls_expired = { x-host-first }的证书已过期或尚未生效，因此没有发送任何内容
tls_expired-side = 原因在服务器，除非这台计算机的时钟不准。
step-clock = 请检查这台计算机的日期和时间是否正确，如有错误请改正。
step-renew = 如果正确，请告知服务器的运营方；只有他们能更新证书。

tls_name-title = 证书属于另一个名称
tls_name = { x-host-first }出示的证书是颁发给另一个名称的，因此没有发送任何内容
tls_name-side = 要么地址不完全正确，要么连接到了另一台机器，要么服务器配置有误。
step-without-vpn = 请不使用 VPN 或代理试一次，或换一个网络。
step-name-right = 如果名称正确，请告知服务器的运营方。

tls_other-title = 无法建立安全连接
tls_other = 无法与{ x-host-between }建立安全连接
tls_other-side = 双方没有就如何保护连接达成一致。原因可能是服务器、途中的代理或地址。
step-http-or-https = 请检查地址：没有加密的服务器需要用 http:// 而不是 https://，端口号往往也不同。
step-old-encryption = 请更新本程序；非常旧的加密方式已不再被接受。
step-nothing-changed = 如果这些都没有效果，请告知服务器的运营方。

## 耗时过长

timeout_connect-title = 未能及时到达服务器
timeout_connect = { x-in-time }与{ x-host-between }建立连接
timeout_connect-side = 最可能的原因是途中的网络，或悄悄丢弃连接的防火墙；服务器也可能已停机。
step-only-this-server = 如果只有这台服务器无法到达，请检查它的地址，以及是否需要 VPN 或 VPN 是否造成了妨碍。

timeout_head-title = 服务器响应时间过长
timeout_head = { x-host-first }{ x-in-time }开始响应
timeout_first_event-title = 响应没有及时开始
timeout_first_event = { x-host-first }接受了请求，但{ x-in-time }送来任何响应内容
slow-side = 最可能是服务器繁忙，或处理该请求所需的时间超过了给定的时间。
step-smaller-or-longer = 如果只有大的请求才会这样，请缩小请求，或在设置中给它更多时间。

timeout_idle-title = 响应停止了
timeout_idle = { $limit ->
    [unknown] 响应已经开始，但之后{ x-host-between }太久没有送来任何内容
   *[known] 响应已经开始，但之后{ x-host-between }在 { $limit }内没有送来任何内容
}
timeout_idle-answering = { $limit ->
    [unknown] 收到 { $size }的响应之后，{ x-host-first }太久没有再送来任何内容
   *[known] 收到 { $size }的响应之后，{ x-host-first }在 { $limit }内没有再送来任何内容
}
timeout_idle-side = 要么服务器卡住了，要么连接在途中丢失而双方都没有察觉。
step-longer-silence = 如果已知该服务器在继续之前会思考很久，请在设置中允许更长的静默时间。
step-other-network = 如果反复发生，请换一个网络，或不使用 VPN 或代理。

timeout_rate-title = 响应太慢
timeout_rate = { $size ->
    [unknown] 响应已经开始，但来自{ x-host-between }的内容太慢，无法继续等待
   *[known] 收到 { $size }的响应之后，来自{ x-host-between }的内容太慢，无法继续等待
}
timeout_rate-side = 要么服务器繁忙，要么双方之间的连接很慢。请求没有问题。
step-allow-slow = 如果您的连接较慢，请在设置中允许更慢的响应。

timeout_total-title = 调用超过了允许的时间
timeout_total = { $limit ->
    [unknown] 对{ x-host-between }的调用没有在允许的时间内完成
   *[known] 对{ x-host-between }的调用没有在 { $limit }内完成
}
timeout_total-answering = { $limit ->
    [unknown] 对{ x-host-between }的调用没有在允许的时间内完成，当时已收到 { $size }的响应
   *[known] 对{ x-host-between }的调用没有在 { $limit }内完成，当时已收到 { $size }的响应
}
timeout_total-side = 这个限制是在这一侧设置的。服务器当时可能仍在处理该请求。
timeout_total-unsent-side = 这个限制是在这一侧设置的。服务器当时还没有开始处理该请求。
step-more-time = 请在设置中给调用更多时间，或一次少要一些。
step-check-effect = 如果该请求会改变某些内容（付款、消息、文件），请在重新发送之前检查是否已经执行。

rate_limited-title = 目前请求过多
rate_limited = { x-host-first }收到了太多来自此账户或此计算机的请求，因此拒绝了这一个
rate_limited-side = 原因在这一侧：发送量超过了服务器允许的范围。请求本身没有问题。
step-send-less = 请减少同时发送的请求，或发送较小的请求。
step-higher-limit = 如果经常发生，请向服务器的运营方申请更高的上限。

quota_exhausted-title = 额度已用完
quota_exhausted = 您的账户在{ x-host-between }的额度已用完
quota_exhausted-side = 问题出在这一侧的账户。请求本身没有问题，也没有发生故障。
step-usage-page = 请查看该账户的用量和账单页面。
step-add-credit = 请在那里充值或提高上限，或等待额度更新。
step-other-account = 在此之前，请使用其他账户或其他服务；重复尝试没有用。

budget_exhausted-title = 失败的调用过多
budget_exhausted = 对{ x-host-between }的调用失败，并且没有重试，因为目前失败的调用过多
budget_exhausted-side = 这一侧为了不让情况恶化，主动停止了重试；失败的原因在网络或服务器。
step-wait-minutes = 请等几分钟再试。
step-connection-and-status = 如果情况持续，请检查互联网连接和服务器的状态页面。

## 服务器

overloaded-title = 服务器过载
overloaded = { x-host-first }目前的工作量超过了它的承受能力
overloaded-side = 原因在服务器。请求没有问题。
step-status-page = 如果持续较久，请查看服务器的状态页面。

server_error-title = 服务器出错
server_error = { x-host-first }自身遇到了问题
server_error-side = 原因在服务器。请求很可能没有问题。
step-change-request = 如果同一个请求每次都失败而其他请求正常，请稍作修改，并告知服务器的运营方。
step-everything-fails = 如果全部失败，请查看服务器的状态页面。

bad_gateway-title = 网关后面的服务器没有响应
bad_gateway = { x-host-first }前面的网关没有从后面的服务器得到响应
bad_gateway-side = 原因在对方：服务器，或向它转发请求的网关。请求没有问题。

protocol-title = 响应无法理解
protocol = { x-host-first }返回的内容不是有效的网页响应
protocol-side = 原因在服务器或地址：也许在那里应答的不是网页服务器。
step-whole-address = 请检查地址：http:// 还是 https://、服务器名称和端口号。
step-address-right = 如果地址正确，请告知服务器的运营方。
protocol-passing-title = 连接未能正常工作
protocol-passing = 与{ x-host-between }的连接中断了，因为双方的通信出了问题
protocol-passing-side = 最可能是服务器，或途中的代理、VPN 等出现了暂时的故障。没有迹象表明请求有误。

decode-title = 收到的响应已损坏
decode = { $size ->
    [unknown] 来自{ x-host-between }的响应已损坏，无法读取
   *[known] 来自{ x-host-between }的响应已损坏，在 { $size }之后无法继续读取
}
decode-side = 原因在服务器，或途中改动响应的设备。
step-every-time = 如果每次都发生，请不使用 VPN 或代理再试，并告知服务器的运营方。

representation_changed-title = 内容在此期间发生了变化
representation_changed = { $size ->
    [unknown] { x-host-first }上的内容在获取过程中被另一个版本替换
   *[known] 从{ x-host-between }收到 { $size }之后，内容被另一个版本替换
}
representation_changed-side = 这不是任何人的错：服务器上现在有了更新的版本。
step-throw-away = 请丢弃已收到的部分；它不属于新版本。
step-fetch-again = 请从头重新获取。

## 请求和发送者

auth-title = 身份验证未通过
auth = { x-host-first }没有收到有效的密钥或密码
auth-side = 原因在这一侧：设置中的密钥、密码、令牌或证书。
step-check-key = 请检查是否设置了密钥、密钥是否完整且没有空格，以及是否属于这台服务器。
step-new-key = 如果它可能已过期或被撤销，请重新登录或创建新的密钥。
step-until-then = 然后再试一次；在此之前，重复尝试没有用。

permission-title = 不允许
permission = { x-host-first }不允许该账户进行此操作
permission-side = 原因在这一侧：账户，或它的权限。
step-right-account = 请检查您使用的账户、组织或项目是否正确。
step-ask-to-allow = 请联系账户的管理者给予许可。
step-closed-countries = 有些服务不对某些国家或地区、某些网络开放：请一并检查。

not_found-title = 未找到
not_found = { x-host-first }没有所请求的内容
not_found-side = 原因在这一侧：最可能是地址，或请求中的某个名称。
step-check-names = 请检查设置中的地址，以及请求中的每个名称，例如模型或文件的名称。
step-moved = 它可能已被移动或删除：请在服务器自己的页面上查找。

bad_request-title = 请求未被接受
bad_request = { x-host-first }没有接受目前形式的请求
bad_request-side = 原因在这一侧：请求，或生成它的程序。
step-undo = 请撤销您最近对请求或设置所做的更改，然后再试一次。
step-update = 请更新程序；它可能已不符合服务器的要求。
step-report = 如果没有帮助，请向程序的开发者报告。
bad_request-unsent-title = 请求无法发送
bad_request-unsent = 发往{ x-host-between }的请求没有发送，因为其中有无效的内容
step-address-and-key = 请检查设置中的地址和密钥：地址以 http:// 或 https:// 开头，两者都不含空格或换行。

context_length-title = 输入过长
context_length = 输入超过了{ x-host-between }的模型所能接受的长度
context_length-side = 原因在这一侧：对话及其附件的长度。
step-new-conversation = 请开始新的对话，或让程序缩短当前的对话。
step-smaller-files = 请附上更少或更小的文件。
step-other-model = 或使用能接受更长输入的模型。

content_filtered-title = 被内容过滤器拒绝
content_filtered = { x-host-first }的内容过滤器拒绝了该请求或其响应
content_filtered-side = 这由服务器的规则决定。过滤器可能出错：不一定是您的问题。
step-other-words = 请换一种说法，或去掉可能触发过滤器的部分。
step-wrong-refusal = 如果拒绝明显有误，请告知服务器的运营方。

payload_too_large-title = 请求过大
payload_too_large = 请求的大小超过了{ x-host-between }接受的范围
payload_too_large-side = 原因在这一侧：所发送内容的大小。
step-less-at-once = 请一次少发送一些：更少或更小的文件，或分成几个较小的请求。
step-raise-size = 如果是您自己的服务器，或它前面有代理，请提高允许的大小。

cancelled-title = 调用已取消
cancelled = 对{ x-host-between }的调用在完成之前在这一侧被终止
cancelled-side = 它是在这一侧被终止的，由您或由程序。没有发生故障。
step-on-purpose = 如果是您有意终止的，则无需做任何事。
step-start-again = 如果不是，请重新开始。如果该请求会改变某些内容（付款、消息、文件），请先检查是否已经执行。

unknown-title = 调用失败
unknown = 对{ x-host-between }的调用失败，原因不明
unknown-side = 不清楚原因在哪一侧。
step-once-more = 请再试一次。如果该请求会改变某些内容（付款、消息、文件），请先检查是否已经执行。
step-look-at-log = 如果仍然失败，请查看程序的日志，其中有详细信息。
