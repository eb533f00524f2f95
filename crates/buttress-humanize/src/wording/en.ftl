# Every text of the built-in wording, in Fluent (https://projectfluent.org).
#
# English is the reference: the other languages have the same messages with the same variables.
# Messages whose names begin with `x-` are parts of others, and each language has its own.
# What happened has no full stop: `sentence` or `with-status` is put around it.
#
# $named: yes, or no if the server's name is not known       $host: its name
# $size: how much of the answer had arrived, or unknown      $limit: the limit that was passed, or unknown
# $waited: the waits between attempts, or none               $wait: the pause the server asked for
# $attempts, $resumes: how often                             $status: the status of the answer

x-host = { $named ->
    [no] the server
   *[yes] { $host }
}
x-host-first = { $named ->
    [no] The server
   *[yes] { $host }
}
x-times-attempts = { $attempts ->
    [1] once
    [2] twice
   *[other] { $attempts } times
}
x-times-resumes = { $resumes ->
    [1] once
    [2] twice
   *[other] { $resumes } times
}
x-waited = { $waited ->
    [none] {""}
   *[some] , with { $waited } of waiting in between
}
x-in-time = { $limit ->
    [unknown] in time
   *[known] within { $limit }
}

## How sentences and quantities are put together

sentence = { $text }.
with-status = { $text } (status { $status }).
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } day
   *[other] { $n } days
}
time-two = { $big } { $small }
size-bytes = { $count ->
    [one] { $n } byte
   *[other] { $n } bytes
}
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB

## Headings

label-colon = { $text }:{" "}
label-side = Whose side it is
label-tried = What was tried
label-come-back = When to come back
label-next = What to do next
label-code = Code
label-reference = Reference

## What was tried

tries-attempts = The request was tried { x-times-attempts }{ x-waited }.
tries-resumes = The answer was continued { x-times-resumes } from where it had stopped{ x-waited }.
tries-both = The request was tried { x-times-attempts } and the answer continued { x-times-resumes } from where it had stopped{ x-waited }.
stopped-not_transient = The request was not tried again, because the outcome would have been the same.
stopped-not_repeatable = The request was not sent again automatically, because it may already have had its effect.
stopped-body_not_replayable = The request could not be sent again automatically, because its content had not been kept.
stopped-not_resumable = The answer could not be continued where it stopped, because nothing shows that the rest would fit.
stopped-answer_differs = The request was sent again to get the rest, but the answer was a different one, and two different answers are never joined.
stopped-server_said_no = The server asked for no further attempts.
stopped-attempts = That is as often as is allowed.
stopped-elapsed = The time allowed for trying is used up.
stopped-deadline = The time set for this call left no room for another attempt.
stopped-hint_too_long = The server asked for a longer pause than this call is allowed to wait.
stopped-budget = Many calls are failing at the moment, so the request was not tried again, in order not to make matters worse.
stopped-no_progress = Each time it broke off again before anything new had arrived.
kept-part = The part of the answer that had arrived ({ $size }) was passed on; the rest is missing.

## When to come back

come-back-in = Come back in { $wait }.
come-back-pause = The server asked for a pause of { $wait }.

## Whether and when to send the request again

again-may-be-done = Find out first whether the request has already done what it was meant to do; send it again only if it has not.
again-after = Wait { $wait }, then try again.
again-said-no = Leave it for now, and try again later.
again-useless = Trying the same again will probably not help before something has changed.
again-minutes = Wait a few minutes, then try again: { $attempts } attempts have just failed, so one more right now would probably fail too.
again-unprocessed = Try again in a moment. The request was not processed, so nothing can happen twice.
again-minute = Try again in a minute.
again-from-start = Try again; the answer will start from the beginning. If the request changes something (a payment, a message, a file), check first whether that has already happened.
again = Try again. If the request changes something (a payment, a message, a file), check first whether that has already happened.

## On the way

connection_closed-title = The connection was closed
connection_closed-sometime = The connection to { x-host } was closed
connection_closed-connecting = The connection to { x-host } was closed while it was being set up
connection_closed-sending = The connection to { x-host } was closed while the request was being sent
connection_closed = The connection to { x-host } was closed before an answer came
connection_closed-beginning = The connection to { x-host } was closed just as the answer began
connection_closed-answering = { $size ->
    [unknown] The connection to { x-host } was closed in the middle of the answer
   *[known] The connection to { x-host } was closed in the middle of the answer, after { $size }
}
connection_reset-title = The connection was cut off
connection_reset-sometime = The connection to { x-host } was cut off
connection_reset-connecting = The connection to { x-host } was cut off while it was being set up
connection_reset-sending = The connection to { x-host } was cut off while the request was being sent
connection_reset = The connection to { x-host } was cut off before an answer came
connection_reset-beginning = The connection to { x-host } was cut off just as the answer began
connection_reset-answering = { $size ->
    [unknown] The connection to { x-host } was cut off in the middle of the answer
   *[known] The connection to { x-host } was cut off in the middle of the answer, after { $size }
}
connection-side = Most likely the network, or something on the way such as a proxy, a VPN or a firewall, ended the connection; the server itself may have done so too. Nothing suggests that the request was wrong.
step-same-time = If it always stops after about the same time, something on the way limits how long an answer may take: ask for a shorter answer, or ask whoever runs the proxy or firewall to raise that limit.
step-find-cause = If it keeps happening, try another network, or switch the VPN or proxy off for a moment, to find out which of them is the cause.
local-side = The server's address is on this machine. Most likely the server stopped, ran out of memory, or is being restarted. If it only passes calls on, as a tunnel or a gateway does, the cause may lie behind it. Nothing suggests that the request was wrong.
step-local-log = If it keeps happening, see whether the server is still running, and look into its log.
step-local-proxy = If a proxy is set on this machine, make sure that it is not used for addresses of the machine itself.

stream_truncated-title = The answer is incomplete
stream_truncated = { $size ->
    [unknown] The answer from { x-host } ended before it was complete
   *[known] The answer from { x-host } ended after { $size }, before it was complete
}
stream_truncated-side = Most likely the network, something on the way such as a proxy, or the server ended the answer early. Nothing suggests that the request was wrong.
step-not-whole = Do not use what has arrived as if it were the whole answer.
step-same-place = If it always ends at about the same place, ask for a shorter answer, or tell those who run the server.

connection_refused-title = Nothing is listening at that address
connection_refused = { x-host-first } does not accept connections at this address
connection_refused-side = The cause lies with the server or with the address: the server is not running, is being restarted, or listens at another port. The network itself works.
step-address-and-port = Check that the address and the port number are right.
step-start-server = If the server is yours, see whether it is running, and start it if not.

unreachable-title = The server cannot be reached
unreachable = This machine found no way to reach { x-host }
unreachable-side = Most likely the cause is the network on this side: the internet connection, a VPN or a firewall.
step-online = Check that this machine is online, for example by opening a web page.
step-inside-or-outside = If the server is inside a company network, connect to its VPN; if a VPN is on and the server is not inside, try without it.

dns-title = The server's name was not found
dns = The network address of { x-host } could not be looked up
dns-side = Either the name is not right, or the name service of the network on this side does not work at the moment.
step-spelling = Check the spelling of the server's name in your settings.
step-inside = If the name exists only inside a company network, connect to its VPN.

proxy-title = The proxy did not pass the request on
proxy = The proxy on the way to { x-host } did not let the request through
proxy-side = The cause is the proxy, which passes requests from this machine on to the internet, or its settings here. The server probably never saw the request.
step-proxy-settings = Check the proxy settings of this program: address, user name and password.
step-without-proxy = If this network can be used without a proxy, try without it.
step-allow-server = Otherwise ask whoever runs the proxy to allow connections to this server.
step-no-proxy = If you use no proxy, check the address: a server without encryption needs http:// instead of https://, and often has a different port number.

captive_portal-title = A web page came instead of the answer
captive_portal = A web page came in place of the answer from { x-host }, probably the sign-in page of this network
captive_portal-side = Most likely the cause is the network that this machine is using, as in hotels, trains and some offices; or the address in your settings is that of a web site and not of the service itself.
step-sign-in = Open any web page in a browser and sign in to the network or accept its terms.
step-then-again = Then try again.
step-no-such-page = If no such page appears, check the server's address in your settings, and try another network, for example a phone's hotspot.

## Secure connections

tls_untrusted-title = The server's certificate is not trusted
tls_untrusted = { x-host-first } showed a certificate that this machine does not trust, so nothing was sent
tls_untrusted-side = The cause is usually a company network or security software on this side, which opens secure connections to inspect them and puts its own certificate in place of the server's. Sometimes it is the server, if it uses a home-made certificate.
step-root-certificate = On a company network, ask the IT department for its root certificate and add it to those that this program trusts.
step-hotspot = Try once from another network, for example a phone's hotspot: if it works there, the first network is inspecting connections.
step-public-certificate = If the server is yours, give it a certificate from a public authority, or add its own to those that this program trusts.
step-keep-checks = Leave certificate checks switched on: without them, anybody on the way could read along.

tls_expired-title = The server's certificate is not valid today
tls_expired = The certificate of { x-host } is out of date or not valid yet, so nothing was sent
tls_expired-side = The cause lies with the server, unless the clock of this machine is wrong.
step-clock = Check that the date and time of this machine are right, and correct them.
step-renew = If they are, tell those who run the server; only they can renew the certificate.

tls_name-title = The certificate belongs to another name
tls_name = { x-host-first } showed a certificate that was made out for another name, so nothing was sent
tls_name-side = Either the address is not quite right, or the connection ended up at a different machine, or the server is set up wrongly.
step-without-vpn = Try once without VPN or proxy, or from another network.
step-name-right = If the name is right, tell those who run the server.

tls_other-title = No secure connection
tls_other = No secure connection to { x-host } could be set up
tls_other-side = The two sides did not agree on how to make the connection secure. That can be due to the server, to a proxy on the way, or to the address.
step-http-or-https = Check the address: a server without encryption needs http:// instead of https://, and often has a different port number.
step-old-encryption = Bring this program up to date; very old encryption is no longer accepted.
step-nothing-changed = If all that changes nothing, tell those who run the server.

## What takes too long

timeout_connect-title = The server could not be reached in time
timeout_connect = No connection to { x-host } could be made { x-in-time }
timeout_connect-side = Most likely the cause is the network on the way, or a firewall that drops connections without a word; the server may also be down.
step-only-this-server = If only this server cannot be reached, check its address, and whether a VPN is needed or in the way.

timeout_head-title = The server took too long to answer
timeout_head = { x-host-first } did not begin to answer { x-in-time }
timeout_first_event-title = The answer did not start in time
timeout_first_event = { x-host-first } accepted the request, but nothing of the answer came { x-in-time }
slow-side = Most likely the server is busy, or needs longer for this request than it was given.
step-smaller-or-longer = If it happens with large requests only, make the request smaller or allow more time for it in your settings.

timeout_idle-title = The answer stopped coming
timeout_idle = { $limit ->
    [unknown] The answer began, but nothing more came from { x-host } for too long
   *[known] The answer began, but nothing more came from { x-host } for { $limit }
}
timeout_idle-answering = { $limit ->
    [unknown] After { $size } of the answer, nothing more came from { x-host } for too long
   *[known] After { $size } of the answer, nothing more came from { x-host } for { $limit }
}
timeout_idle-side = Either the server got stuck, or the connection was lost on the way without either side noticing.
step-longer-silence = If the server is known to think for long before it goes on, allow longer silences in your settings.
step-other-network = If it keeps happening, try another network, or without VPN or proxy.

timeout_rate-title = The answer came too slowly
timeout_rate = { $size ->
    [unknown] The answer from { x-host } began, but it came too slowly to go on waiting
   *[known] After { $size }, the rest of the answer from { x-host } came too slowly to go on waiting
}
timeout_rate-side = Either the server is busy, or the connection between here and there is slow. Nothing is wrong with the request.
step-allow-slow = If your connection is slow, allow slower answers in your settings.

timeout_total-title = The call took longer than allowed
timeout_total = { $limit ->
    [unknown] The call to { x-host } was not finished within the time allowed for it
   *[known] The call to { x-host } was not finished within { $limit }
}
timeout_total-answering = { $limit ->
    [unknown] The call to { x-host } was not finished within the time allowed for it; { $size } of the answer had arrived
   *[known] The call to { x-host } was not finished within { $limit }; { $size } of the answer had arrived
}
timeout_total-side = The limit was set on this side. The server may still have been working on the request.
timeout_total-unsent-side = The limit was set on this side. The server had not begun to work on the request.
step-more-time = Allow more time for the call in your settings, or ask for less at once.
step-check-effect = If the request changes something (a payment, a message, a file), check whether that has already happened before you send it again.

rate_limited-title = Too many requests at the moment
rate_limited = { x-host-first } gets too many requests from this account or machine and turned this one away
rate_limited-side = The cause is on this side: more is being sent than the server allows. The request itself is fine.
step-send-less = Send fewer requests at the same time, or smaller ones.
step-higher-limit = If it happens often, ask those who run the server for a higher limit.

quota_exhausted-title = The allowance is used up
quota_exhausted = The allowance of your account at { x-host } is used up
quota_exhausted-side = This is a matter of the account on this side. The request itself is fine, and nothing is broken.
step-usage-page = Look at the usage and billing page of the account.
step-add-credit = Add credit or raise the limit there, or wait until the allowance is renewed.
step-other-account = Until then, use another account or another service; repeating will not help.

budget_exhausted-title = Too many calls are failing
budget_exhausted = The call to { x-host } failed and was not repeated, because too many calls are failing at the moment
budget_exhausted-side = It is this side that holds back, so as not to make matters worse; the cause of the failures lies with the network or the server.
step-wait-minutes = Wait a few minutes, then try again.
step-connection-and-status = If it goes on, check the internet connection and the server's status page.

## At the server

overloaded-title = The server is overloaded
overloaded = { x-host-first } has more work than it can take on right now
overloaded-side = The cause lies with the server. Nothing is wrong with the request.
step-status-page = If it goes on for long, look at the server's status page.

server_error-title = The server failed
server_error = { x-host-first } ran into a problem of its own
server_error-side = The cause lies with the server. Most likely nothing is wrong with the request.
step-change-request = If the same request fails every time while others work, change it a little, and tell those who run the server.
step-everything-fails = If everything fails, look at the server's status page.

bad_gateway-title = The server behind the gateway did not answer
bad_gateway = A gateway in front of { x-host } got no answer from the server behind it
bad_gateway-side = The cause is on the other side: the server, or the gateway, which passes requests on to it. Nothing is wrong with the request.

protocol-title = The answer makes no sense
protocol = What came back from { x-host } is not a valid web answer
protocol-side = The cause lies with the server or with the address: perhaps something other than a web server answers there.
step-whole-address = Check the address: http:// or https://, the server's name, and the port number.
step-address-right = If the address is right, tell those who run the server.
protocol-passing-title = The connection did not work properly
protocol-passing = The connection to { x-host } broke down, because something went wrong in the way the two sides talk to each other
protocol-passing-side = Most likely a passing fault of the server, or of something on the way such as a proxy or a VPN. Nothing suggests that the request was wrong.

decode-title = The answer arrived damaged
decode = { $size ->
    [unknown] The answer from { x-host } was damaged and could not be read
   *[known] The answer from { x-host } was damaged and could not be read on after { $size }
}
decode-side = The cause lies with the server, or with something on the way that changes answers.
step-every-time = If it happens every time, try without VPN or proxy, and tell those who run the server.

representation_changed-title = The content changed meanwhile
representation_changed = { $size ->
    [unknown] The content at { x-host } was replaced by another version while it was being fetched
   *[known] After { $size } had arrived from { x-host }, the content was replaced by another version
}
representation_changed-side = This is nobody's fault: there is a newer version at the server now.
step-throw-away = Throw away the part that has arrived; it does not belong to the new version.
step-fetch-again = Fetch it again from the start.

## The request and who sends it

auth-title = The sign-in was not accepted
auth = { x-host-first } got no valid key or password
auth-side = The cause is on this side: the key, password, token or certificate in your settings.
step-check-key = Check that a key is set, that it is complete and without spaces, and that it belongs to this server.
step-new-key = If it may have expired or been withdrawn, sign in again or make a new one.
step-until-then = Then try again; until then, repeating will not help.

permission-title = Not allowed
permission = { x-host-first } does not allow this to the account that asked
permission-side = The cause is on this side: the account, or what it may do.
step-right-account = Check that you are using the right account, organisation or project.
step-ask-to-allow = Ask whoever manages the account to allow it.
step-closed-countries = Some services are closed to certain countries or networks: check that too.

not_found-title = Not found
not_found = { x-host-first } does not have what was asked for
not_found-side = The cause is on this side: most likely the address, or a name in the request.
step-check-names = Check the address in your settings, and every name in the request, such as that of a model or a file.
step-moved = It may have been moved or removed: look it up on the server's own pages.

bad_request-title = The request was not accepted
bad_request = { x-host-first } did not accept the request as it is
bad_request-side = The cause is on this side: the request, or the program that made it.
step-undo = Undo what you changed last in the request or the settings, and try again.
step-update = Bring the program up to date; it may no longer match what the server expects.
step-report = If that does not help, report it to the makers of the program.
bad_request-unsent-title = The request could not be sent
bad_request-unsent = The request to { x-host } was not sent, because something in it is not valid
step-address-and-key = Check the address and the key in your settings: the address begins with http:// or https://, and neither has spaces or line breaks in it.

context_length-title = The input is too long
context_length = The input is longer than the model at { x-host } can take
context_length-side = The cause is on this side: the length of the conversation and of what is attached to it.
step-new-conversation = Start a new conversation, or let the program shorten the present one.
step-smaller-files = Attach fewer or smaller files.
step-other-model = Or use a model that takes a longer input.

content_filtered-title = Refused by a content filter
content_filtered = A content filter at { x-host } refused the request or its answer
content_filtered-side = The rules of the server decide this. Filters can be wrong: it need not be your fault.
step-other-words = Say it in other words, or leave out the part that may have set off the filter.
step-wrong-refusal = If the refusal is clearly wrong, tell those who run the server.

payload_too_large-title = The request is too large
payload_too_large = The request is larger than { x-host } accepts
payload_too_large-side = The cause is on this side: the size of what is being sent.
step-less-at-once = Send less at once: fewer or smaller files, or several smaller requests.
step-raise-size = If the server is yours, or there is a proxy in front of it, raise the size it allows.

cancelled-title = The call was cancelled
cancelled = The call to { x-host } was ended on this side before it was done
cancelled-side = You or the program ended it. Nothing is broken.
step-on-purpose = If you ended it on purpose, there is nothing to do.
step-start-again = If not, start it again. If the request changes something (a payment, a message, a file), check first whether that has already happened.

unknown-title = The call failed
unknown = The call to { x-host } failed, and it is not clear why
unknown-side = It is not clear on whose side the cause is.
step-once-more = Try once more. If the request changes something (a payment, a message, a file), check first whether that has already happened.
step-look-at-log = If it keeps failing, look into the program's log, which holds the details.
