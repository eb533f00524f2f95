# 日本語。構成と変数については en.ftl を参照。

x-host = { $named ->
    [no] サーバー
   *[yes] { $host }{" "}
}
x-host-between = { $named ->
    [no] サーバー
   *[yes] {" "}{ $host }{" "}
}
x-times-attempts = { $attempts } 回
x-times-resumes = { $resumes } 回
x-waited = { $waited ->
    [none] {""}
   *[some] （合計 { $waited }待機）
}
x-in-time = { $limit ->
    [unknown] 時間内に
   *[known] {" "}{ $limit }以内に
}

## 文と数量の組み立て

sentence = { $text }。
with-status = { $text }（ステータス { $status }）。
time-seconds = { $n } 秒
time-minutes = { $n } 分
time-hours = { $n } 時間
time-days = { $n } 日
time-two = { $big } { $small }
size-bytes = { $n } バイト
size-kilobytes = { $n } キロバイト
size-megabytes = { $n } メガバイト
size-gigabytes = { $n } ギガバイト

## 見出し

label-colon = { $text }：
label-side = 原因はどちら側にあるか
label-tried = 試みたこと
label-come-back = いつやり直せるか
label-next = 次にすること
label-code = コード
label-reference = 照会番号

## 試みたこと

tries-attempts = リクエストを { x-times-attempts }試みました{ x-waited }。
tries-resumes = 途切れたところから応答の続きを { x-times-resumes }取得しました{ x-waited }。
tries-both = リクエストを { x-times-attempts }試み、途切れたところから応答の続きを { x-times-resumes }取得しました{ x-waited }。
stopped-not_transient = 結果は同じになるため、再試行はしませんでした。
stopped-not_repeatable = すでに処理されている可能性があるため、自動での再送信はしませんでした。
stopped-body_not_replayable = 送信内容が保持されていなかったため、自動での再送信はできませんでした。
stopped-not_resumable = 残りが正しくつながるという確証がないため、途切れたところから続けることはできませんでした。
stopped-answer_differs = 残りを受け取るためにリクエストを再送しましたが、異なる応答が返ってきました。異なる二つの応答をつなぎ合わせることはありません。
stopped-server_said_no = サーバーから、これ以上試みないよう求められました。
stopped-attempts = 許可された試行回数に達しました。
stopped-elapsed = 試行に許可された時間を使い切りました。
stopped-deadline = この呼び出しの期限までに、もう一度試みる時間がありませんでした。
stopped-hint_too_long = サーバーから求められた待ち時間が、この呼び出しで待てる時間を超えていました。
stopped-budget = 現在多くの呼び出しが失敗しているため、状況を悪化させないよう再試行を控えました。
stopped-no_progress = 毎回、新しい内容が届く前に再び途切れました。
kept-part = 届いていた部分（{ $size }）はお渡ししましたが、残りは欠けています。

## いつやり直せるか

come-back-in = { $wait }後にもう一度お試しください。
come-back-pause = サーバーから { $wait }待つよう求められました。

## 再送信すべきか、いつすべきか

again-may-be-done = まず、リクエストの目的がすでに果たされていないか確認してください。果たされていない場合にだけ、もう一度送信してください。
again-after = { $wait }待ってから、もう一度お試しください。
again-said-no = 今は控えて、後でもう一度お試しください。
again-useless = 何かが変わらないかぎり、同じことを繰り返してもおそらく解決しません。
again-minutes = 数分待ってから、もう一度お試しください。たった今 { $attempts } 回失敗したところなので、すぐに試してもおそらく同じ結果になります。
again-unprocessed = 少し待ってから、もう一度お試しください。リクエストは処理されていないため、二重に実行されることはありません。
again-minute = 1 分ほど待ってから、もう一度お試しください。
again-from-start = もう一度お試しください。応答は最初からになります。リクエストが何かを変更するもの（支払い、メッセージ、ファイルなど）の場合は、すでに実行されていないか先に確認してください。
again = もう一度お試しください。リクエストが何かを変更するもの（支払い、メッセージ、ファイルなど）の場合は、すでに実行されていないか先に確認してください。

## 通信経路

connection_closed-title = 接続が閉じられました
connection_closed-sometime = { x-host }との接続が閉じられました
connection_closed-connecting = { x-host }との接続が、確立の途中で閉じられました
connection_closed-sending = { x-host }との接続が、リクエストの送信中に閉じられました
connection_closed = { x-host }との接続が、応答が届く前に閉じられました
connection_closed-beginning = { x-host }との接続が、応答が始まった直後に閉じられました
connection_closed-answering = { $size ->
    [unknown] { x-host }との接続が、応答の途中で閉じられました
   *[known] { x-host }との接続が、応答の途中（{ $size }受信後）で閉じられました
}
connection_reset-title = 接続が切断されました
connection_reset-sometime = { x-host }との接続が切断されました
connection_reset-connecting = { x-host }との接続が、確立の途中で切断されました
connection_reset-sending = { x-host }との接続が、リクエストの送信中に切断されました
connection_reset = { x-host }との接続が、応答が届く前に切断されました
connection_reset-beginning = { x-host }との接続が、応答が始まった直後に切断されました
connection_reset-answering = { $size ->
    [unknown] { x-host }との接続が、応答の途中で切断されました
   *[known] { x-host }との接続が、応答の途中（{ $size }受信後）で切断されました
}
connection-side = ネットワーク、または経路上のプロキシ、VPN、ファイアウォールなどが接続を終了した可能性が高いと考えられます。サーバー自身が終了した可能性もあります。リクエストに誤りがあったことを示すものはありません。
step-same-time = いつもほぼ同じ時間で途切れる場合は、経路上の何かが応答の長さを制限しています。短い応答を求めるか、プロキシやファイアウォールの管理者に制限の緩和を依頼してください。
step-find-cause = 何度も起こる場合は、別のネットワークを試すか、VPN やプロキシを一時的に切って、どれが原因かを確かめてください。
local-side = サーバーのアドレスはこのコンピューター上にあります。サーバーが停止した、メモリーが足りなくなった、または再起動中である可能性が高いと考えられます。トンネルやゲートウェイのようにリクエストを中継するだけのものであれば、原因はその先にあるかもしれません。リクエストに誤りがあったことを示すものはありません。
step-local-log = 何度も起こる場合は、サーバーがまだ動いているか確認し、そのログを調べてください。
step-local-proxy = このコンピューターにプロキシが設定されている場合は、このコンピューター自身のアドレスには使われないようにしてください。

stream_truncated-title = 応答が不完全です
stream_truncated = { $size ->
    [unknown] { x-host }からの応答が、完了する前に終わりました
   *[known] { x-host }からの応答が、完了する前に { $size }で終わりました
}
stream_truncated-side = ネットワーク、経路上のプロキシなど、またはサーバーが応答を早く終わらせた可能性が高いと考えられます。リクエストに誤りがあったことを示すものはありません。
step-not-whole = 届いた部分を、応答の全体として扱わないでください。
step-same-place = いつもほぼ同じところで終わる場合は、短い応答を求めるか、サーバーの運営者に連絡してください。

connection_refused-title = そのアドレスでは何も応答していません
connection_refused = { x-host }は、このアドレスでは接続を受け付けていません
connection_refused-side = 原因はサーバーかアドレスにあります。サーバーが動いていないか、再起動中か、別のポートで待ち受けています。ネットワーク自体は機能しています。
step-address-and-port = アドレスとポート番号が正しいか確認してください。
step-start-server = ご自身のサーバーであれば、動いているか確認し、止まっていれば起動してください。

unreachable-title = サーバーに到達できません
unreachable = このコンピューターから{ x-host-between }への経路が見つかりませんでした
unreachable-side = こちら側のネットワーク（インターネット接続、VPN、ファイアウォール）が原因である可能性が高いと考えられます。
step-online = ウェブページを開くなどして、このコンピューターがインターネットにつながっているか確認してください。
step-inside-or-outside = サーバーが社内ネットワークにある場合は、その VPN に接続してください。VPN を使用中でサーバーが社内にない場合は、VPN を切ってお試しください。

dns-title = サーバーの名前が見つかりませんでした
dns = { x-host }のネットワークアドレスを調べられませんでした
dns-side = 名前が正しくないか、こちら側のネットワークの名前解決サービスが現在機能していません。
step-spelling = 設定にあるサーバーの名前のつづりを確認してください。
step-inside = 社内ネットワークにだけ存在する名前の場合は、その VPN に接続してください。

proxy-title = プロキシがリクエストを通しませんでした
proxy = { x-host }への経路にあるプロキシが、リクエストを通しませんでした
proxy-side = 原因は、このコンピューターのリクエストをインターネットへ中継するプロキシか、こちら側のプロキシ設定です。サーバーはおそらくリクエストを受け取っていません。
step-proxy-settings = このプログラムのプロキシ設定（アドレス、ユーザー名、パスワード）を確認してください。
step-without-proxy = このネットワークがプロキシなしで使える場合は、プロキシなしでお試しください。
step-allow-server = そうでない場合は、プロキシの管理者に、このサーバーへの接続を許可するよう依頼してください。
step-no-proxy = プロキシを使っていない場合は、アドレスを確認してください。暗号化していないサーバーには https:// ではなく http:// が必要で、ポート番号も異なることがよくあります。

captive_portal-title = 応答の代わりにウェブページが届きました
captive_portal = { x-host }の応答の代わりに、ウェブページ（おそらくこのネットワークのサインインページ）が届きました
captive_portal-side = 原因は、このコンピューターが使っているネットワークである可能性が高いと考えられます。ホテル、電車、一部のオフィスなどでよくあります。設定にあるアドレスが、サービスではなくウェブサイトのものである可能性もあります。
step-sign-in = ブラウザーで適当なウェブページを開き、ネットワークにサインインするか、利用条件に同意してください。
step-then-again = その後、もう一度お試しください。
step-no-such-page = そのようなページが表示されない場合は、設定にあるサーバーのアドレスを確認し、スマートフォンのテザリングなど、別のネットワークもお試しください。

## 安全な接続

tls_untrusted-title = サーバーの証明書が信頼されていません
tls_untrusted = { x-host }が示した証明書をこのコンピューターは信頼していないため、何も送信しませんでした
tls_untrusted-side = 多くの場合、原因はこちら側の社内ネットワークやセキュリティソフトです。安全な接続を検査するために開き、サーバーの証明書を独自の証明書に置き換えています。サーバーが自作の証明書を使っている場合もあります。
step-root-certificate = 社内ネットワークの場合は、IT 部門にルート証明書を依頼し、このプログラムが信頼する証明書に追加してください。
step-hotspot = スマートフォンのテザリングなど、別のネットワークから一度お試しください。そこで成功すれば、元のネットワークが接続を検査しています。
step-public-certificate = ご自身のサーバーであれば、公的な認証局の証明書を導入するか、その証明書をこのプログラムが信頼するものに追加してください。
step-keep-checks = 証明書の検査は有効のままにしてください。無効にすると、経路上の誰でも内容を読めてしまいます。

tls_expired-title = サーバーの証明書が現在有効ではありません
tls_expired = { x-host }の証明書は期限切れか、まだ有効になっていないため、何も送信しませんでした
tls_expired-side = このコンピューターの時計が狂っていないかぎり、原因はサーバーにあります。
step-clock = このコンピューターの日付と時刻が正しいか確認し、間違っていれば直してください。
step-renew = 正しい場合は、サーバーの運営者に連絡してください。証明書を更新できるのは運営者だけです。

tls_name-title = 証明書が別の名前のものです
tls_name = { x-host }が示した証明書は別の名前に対して発行されたものだったため、何も送信しませんでした
tls_name-side = アドレスが少し違っているか、接続が別のコンピューターにつながったか、サーバーの設定に誤りがあります。
step-without-vpn = VPN やプロキシなしで、または別のネットワークから、一度お試しください。
step-name-right = 名前が正しい場合は、サーバーの運営者に連絡してください。

tls_other-title = 安全な接続ができません
tls_other = { x-host }との安全な接続を確立できませんでした
tls_other-side = 接続を安全にする方法について、双方の合意が得られませんでした。原因はサーバー、経路上のプロキシ、またはアドレスにある可能性があります。
step-http-or-https = アドレスを確認してください。暗号化していないサーバーには https:// ではなく http:// が必要で、ポート番号も異なることがよくあります。
step-old-encryption = このプログラムを最新の状態にしてください。非常に古い暗号化方式はもう受け付けられません。
step-nothing-changed = それでも変わらない場合は、サーバーの運営者に連絡してください。

## 時間がかかりすぎるもの

timeout_connect-title = 時間内にサーバーに到達できませんでした
timeout_connect = { x-host }に{ x-in-time }接続できませんでした
timeout_connect-side = 経路上のネットワーク、または何も知らせずに接続を破棄するファイアウォールが原因である可能性が高いと考えられます。サーバーが停止している可能性もあります。
step-only-this-server = このサーバーにだけ到達できない場合は、アドレスと、VPN が必要か、あるいは妨げになっていないかを確認してください。

timeout_head-title = サーバーの応答に時間がかかりすぎました
timeout_head = { x-host }は{ x-in-time }応答を始めませんでした
timeout_first_event-title = 応答が時間内に始まりませんでした
timeout_first_event = { x-host }はリクエストを受け付けましたが、応答の内容は{ x-in-time }届きませんでした
slow-side = サーバーが混み合っているか、このリクエストに与えられた時間では足りなかった可能性が高いと考えられます。
step-smaller-or-longer = 大きなリクエストでだけ起こる場合は、リクエストを小さくするか、設定で待ち時間を長くしてください。

timeout_idle-title = 応答が届かなくなりました
timeout_idle = { $limit ->
    [unknown] 応答は始まりましたが、その後{ x-host-between }から長い間何も届きませんでした
   *[known] 応答は始まりましたが、その後{ x-host-between }から { $limit }間何も届きませんでした
}
timeout_idle-answering = { $limit ->
    [unknown] 応答を { $size }受信した後、{ x-host }から長い間何も届きませんでした
   *[known] 応答を { $size }受信した後、{ x-host }から { $limit }間何も届きませんでした
}
timeout_idle-side = サーバーが止まってしまったか、どちらの側も気づかないまま経路上で接続が失われました。
step-longer-silence = 続きを返すまでに長く考えることがわかっているサーバーの場合は、設定でより長い沈黙を許してください。
step-other-network = 何度も起こる場合は、別のネットワーク、または VPN やプロキシなしでお試しください。

timeout_rate-title = 応答が遅すぎました
timeout_rate = { $size ->
    [unknown] 応答は始まりましたが、{ x-host }から届く速度が遅すぎるため、待つのをやめました
   *[known] 応答を { $size }受信した後、{ x-host }から届く速度が遅すぎるため、待つのをやめました
}
timeout_rate-side = サーバーが混み合っているか、こちらとの間の接続が遅くなっています。リクエストに問題はありません。
step-allow-slow = お使いの接続が遅い場合は、設定でより遅い応答を許してください。

timeout_total-title = 呼び出しが許可された時間を超えました
timeout_total = { $limit ->
    [unknown] { x-host }への呼び出しが、許可された時間内に終わりませんでした
   *[known] { x-host }への呼び出しが、{ $limit }以内に終わりませんでした
}
timeout_total-answering = { $limit ->
    [unknown] { x-host }への呼び出しが、許可された時間内に終わりませんでした（応答は { $size }届いていました）
   *[known] { x-host }への呼び出しが、{ $limit }以内に終わりませんでした（応答は { $size }届いていました）
}
timeout_total-side = この制限はこちら側で設定されたものです。サーバーはまだリクエストを処理中だったかもしれません。
timeout_total-unsent-side = この制限はこちら側で設定されたものです。サーバーはまだリクエストの処理を始めていませんでした。
step-more-time = 設定で呼び出しの時間を長くするか、一度に求める量を減らしてください。
step-check-effect = リクエストが何かを変更するもの（支払い、メッセージ、ファイルなど）の場合は、再送信する前に、すでに実行されていないか確認してください。

rate_limited-title = 現在リクエストが多すぎます
rate_limited = このアカウントまたはコンピューターからのリクエストが多すぎるため、{ x-host }に断られました
rate_limited-side = 原因はこちら側にあります。サーバーが許可する量を超えて送信しています。リクエスト自体に問題はありません。
step-send-less = 同時に送るリクエストを減らすか、小さくしてください。
step-higher-limit = 頻繁に起こる場合は、サーバーの運営者に上限の引き上げを依頼してください。

quota_exhausted-title = 利用枠を使い切りました
quota_exhausted = { x-host }でのお使いのアカウントの利用枠を使い切りました
quota_exhausted-side = これはこちら側のアカウントの問題です。リクエスト自体に問題はなく、故障もしていません。
step-usage-page = アカウントの利用状況と請求のページをご確認ください。
step-add-credit = そこでクレジットを追加するか上限を引き上げるか、利用枠が更新されるまでお待ちください。
step-other-account = それまでは、別のアカウントまたは別のサービスをお使いください。繰り返しても解決しません。

budget_exhausted-title = 失敗する呼び出しが多すぎます
budget_exhausted = { x-host }への呼び出しが失敗しましたが、現在多くの呼び出しが失敗しているため、再試行しませんでした
budget_exhausted-side = 状況を悪化させないよう、こちら側で控えています。失敗の原因はネットワークかサーバーにあります。
step-wait-minutes = 数分待ってから、もう一度お試しください。
step-connection-and-status = 続く場合は、インターネット接続とサーバーの稼働状況ページを確認してください。

## サーバー

overloaded-title = サーバーが混み合っています
overloaded = { x-host }は現在、処理できる量を超える仕事を抱えています
overloaded-side = 原因はサーバーにあります。リクエストに問題はありません。
step-status-page = 長く続く場合は、サーバーの稼働状況ページをご覧ください。

server_error-title = サーバーでエラーが起こりました
server_error = { x-host }の内部で問題が起こりました
server_error-side = 原因はサーバーにあります。リクエストにはおそらく問題はありません。
step-change-request = 他のリクエストは成功するのに同じリクエストだけ毎回失敗する場合は、内容を少し変え、サーバーの運営者に連絡してください。
step-everything-fails = すべて失敗する場合は、サーバーの稼働状況ページをご覧ください。

bad_gateway-title = ゲートウェイの先のサーバーが応答しませんでした
bad_gateway = { x-host }の手前にあるゲートウェイが、その先のサーバーから応答を得られませんでした
bad_gateway-side = 原因は相手側、つまりサーバーか、サーバーへリクエストを中継するゲートウェイにあります。リクエストに問題はありません。

protocol-title = 応答の形式が正しくありません
protocol = { x-host }から返ってきたものは、正しいウェブの応答ではありません
protocol-side = 原因はサーバーかアドレスにあります。ウェブサーバーではないものが応答しているのかもしれません。
step-whole-address = アドレス（http:// か https:// か、サーバーの名前、ポート番号）を確認してください。
step-address-right = アドレスが正しい場合は、サーバーの運営者に連絡してください。
protocol-passing-title = 接続が正しく機能しませんでした
protocol-passing = { x-host }との通信のやり取りに問題が起こり、接続が途切れました
protocol-passing-side = サーバー、または経路上のプロキシや VPN などの一時的な不具合である可能性が高いと考えられます。リクエストに誤りがあったことを示すものはありません。

decode-title = 応答が壊れていました
decode = { $size ->
    [unknown] { x-host }からの応答が壊れていて、読み取れませんでした
   *[known] { x-host }からの応答が壊れていて、{ $size }より先は読み取れませんでした
}
decode-side = 原因はサーバー、または経路上で応答を書き換える何かにあります。
step-every-time = 毎回起こる場合は、VPN やプロキシなしで試し、サーバーの運営者に連絡してください。

representation_changed-title = 途中で内容が変わりました
representation_changed = { $size ->
    [unknown] { x-host }の内容が、取得中に別の版に置き換えられました
   *[known] { x-host }から { $size }届いた後、内容が別の版に置き換えられました
}
representation_changed-side = 誰の責任でもありません。サーバーには現在、より新しい版があります。
step-throw-away = 届いた部分は破棄してください。新しい版のものではありません。
step-fetch-again = 最初からもう一度取得してください。

## リクエストと送信者

auth-title = 認証が受け付けられませんでした
auth = { x-host }は、有効なキーまたはパスワードを受け取っていません
auth-side = 原因はこちら側、つまり設定にあるキー、パスワード、トークン、または証明書にあります。
step-check-key = キーが設定されているか、途中で切れたり空白が入ったりしていないか、このサーバーのものかを確認してください。
step-new-key = 期限切れや無効化の可能性がある場合は、もう一度サインインするか、新しいキーを作成してください。
step-until-then = その後、もう一度お試しください。それまでは繰り返しても解決しません。

permission-title = 許可されていません
permission = このアカウントによるこの操作は、{ x-host }では許可されていません
permission-side = 原因はこちら側、つまりアカウントまたはその権限にあります。
step-right-account = 正しいアカウント、組織、プロジェクトを使っているか確認してください。
step-ask-to-allow = アカウントの管理者に許可を依頼してください。
step-closed-countries = 国やネットワークによっては使えないサービスもあります。その点も確認してください。

not_found-title = 見つかりません
not_found = { x-host }には、求められたものがありません
not_found-side = 原因はこちら側にあります。アドレス、またはリクエストに含まれる名前が違っている可能性が高いと考えられます。
step-check-names = 設定にあるアドレスと、モデルやファイルなど、リクエストに含まれるすべての名前を確認してください。
step-moved = 移動または削除された可能性があります。サーバー側のページで調べてください。

bad_request-title = リクエストが受け付けられませんでした
bad_request = { x-host }は、このままの形ではリクエストを受け付けませんでした
bad_request-side = 原因はこちら側、つまりリクエストか、それを作ったプログラムにあります。
step-undo = リクエストや設定で最後に変えたところを元に戻し、もう一度お試しください。
step-update = プログラムを最新の状態にしてください。サーバーが求める形式と合わなくなっている可能性があります。
step-report = それでも解決しない場合は、プログラムの開発元に報告してください。
bad_request-unsent-title = リクエストを送信できませんでした
bad_request-unsent = リクエストに正しくないところがあるため、{ x-host }へ送信されませんでした
step-address-and-key = 設定にあるアドレスとキーを確認してください。アドレスは http:// または https:// で始まり、どちらにも空白や改行が入っていないことが必要です。

context_length-title = 入力が長すぎます
context_length = 入力が、{ x-host }のモデルで扱える長さを超えています
context_length-side = 原因はこちら側、つまり会話と添付されたものの長さにあります。
step-new-conversation = 新しい会話を始めるか、プログラムに現在の会話を短くさせてください。
step-smaller-files = 添付するファイルを減らすか、小さくしてください。
step-other-model = または、より長い入力を扱えるモデルをお使いください。

content_filtered-title = コンテンツフィルターに拒否されました
content_filtered = { x-host }のコンテンツフィルターが、リクエストまたはその応答を拒否しました
content_filtered-side = これはサーバーの規則によるものです。フィルターが誤ることもあり、あなたに非があるとはかぎりません。
step-other-words = 別の言い方にするか、フィルターが反応したと思われる部分を除いてください。
step-wrong-refusal = 明らかに誤った拒否である場合は、サーバーの運営者に連絡してください。

payload_too_large-title = リクエストが大きすぎます
payload_too_large = リクエストが、{ x-host }で受け付けられる大きさを超えています
payload_too_large-side = 原因はこちら側、つまり送信する内容の大きさにあります。
step-less-at-once = 一度に送る量を減らしてください。ファイルを減らすか小さくするか、いくつかの小さなリクエストに分けてください。
step-raise-size = ご自身のサーバーであるか、手前にプロキシがある場合は、許可する大きさを引き上げてください。

cancelled-title = 呼び出しが取り消されました
cancelled = { x-host }への呼び出しは、完了する前にこちら側で終了されました
cancelled-side = あなた、またはプログラムによって、こちら側で終了されました。故障ではありません。
step-on-purpose = 意図して終了した場合は、何もする必要はありません。
step-start-again = そうでない場合は、もう一度始めてください。リクエストが何かを変更するもの（支払い、メッセージ、ファイルなど）の場合は、すでに実行されていないか先に確認してください。

unknown-title = 呼び出しが失敗しました
unknown = { x-host }への呼び出しが失敗しましたが、理由はわかっていません
unknown-side = 原因がどちら側にあるかはわかっていません。
step-once-more = もう一度お試しください。リクエストが何かを変更するもの（支払い、メッセージ、ファイルなど）の場合は、すでに実行されていないか先に確認してください。
step-look-at-log = 失敗が続く場合は、詳細が記録されているプログラムのログを確認してください。
