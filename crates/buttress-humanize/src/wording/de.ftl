# Deutsch. Zu Aufbau und Variablen siehe en.ftl.

x-host = { $named ->
    [no] der Server
   *[yes] { $host }
}
x-host-first = { $named ->
    [no] Der Server
   *[yes] { $host }
}
x-von = { $named ->
    [no] vom Server
   *[yes] von { $host }
}
x-zu = { $named ->
    [no] zum Server
   *[yes] zu { $host }
}
x-bei = { $named ->
    [no] beim Server
   *[yes] bei { $host }
}
x-times-attempts = { $attempts ->
    [1] einmal
    [2] zweimal
   *[other] { $attempts }-mal
}
x-times-resumes = { $resumes ->
    [1] einmal
    [2] zweimal
   *[other] { $resumes }-mal
}
x-waited = { $waited ->
    [none] {""}
   *[some] {" "}(Wartezeit dazwischen: { $waited })
}
x-in-time = { $limit ->
    [unknown] rechtzeitig
   *[known] in der erlaubten Zeit ({ $limit })
}

## Wie Sätze und Mengen zusammengesetzt werden

sentence = { $text }.
with-status = { $text } (Status { $status }).
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
time-two = { $big } { $small }
size-bytes = { $count ->
    [one] { $n } Byte
   *[other] { $n } Byte
}
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB

## Überschriften

label-colon = { $text }:{" "}
label-side = Auf wessen Seite es liegt
label-tried = Was versucht wurde
label-come-back = Wann es weitergehen kann
label-next = Was Sie jetzt tun können
label-code = Code
label-reference = Referenz

## Was versucht wurde

tries-attempts = Die Anfrage wurde { x-times-attempts } versucht{ x-waited }.
tries-resumes = Die Antwort wurde { x-times-resumes } dort fortgesetzt, wo sie abgebrochen war{ x-waited }.
tries-both = Die Anfrage wurde { x-times-attempts } versucht und die Antwort { x-times-resumes } dort fortgesetzt, wo sie abgebrochen war{ x-waited }.
stopped-not_transient = Die Anfrage wurde nicht noch einmal versucht, weil das Ergebnis dasselbe gewesen wäre.
stopped-not_repeatable = Die Anfrage wurde nicht von selbst noch einmal gesendet, weil sie bereits etwas bewirkt haben kann.
stopped-body_not_replayable = Die Anfrage konnte nicht von selbst noch einmal gesendet werden, weil ihr Inhalt nicht aufbewahrt worden war.
stopped-not_resumable = Die Antwort konnte nicht dort fortgesetzt werden, wo sie abgebrochen war, weil nichts belegt, dass der Rest dazu passen würde.
stopped-answer_differs = Die Anfrage wurde noch einmal gesendet, um den Rest zu holen, aber die Antwort war eine andere, und zwei verschiedene Antworten werden nie zusammengefügt.
stopped-server_said_no = Der Server hat gebeten, es nicht weiter zu versuchen.
stopped-attempts = Mehr Versuche sind nicht erlaubt.
stopped-elapsed = Die Zeit, die für Versuche erlaubt ist, ist aufgebraucht.
stopped-deadline = Die Frist für diesen Aufruf ließ keinen weiteren Versuch zu.
stopped-hint_too_long = Der Server hat um eine längere Pause gebeten, als dieser Aufruf warten darf.
stopped-budget = Zurzeit schlagen viele Aufrufe fehl. Deshalb wurde die Anfrage nicht noch einmal versucht, um die Lage nicht zu verschlimmern.
stopped-no_progress = Jedes Mal brach sie wieder ab, bevor etwas Neues angekommen war.
kept-part = Der Teil der Antwort, der angekommen war ({ $size }), wurde weitergegeben; der Rest fehlt.

## Wann es weitergehen kann

come-back-in = Wartezeit bis zum nächsten Versuch: { $wait }.
come-back-pause = Der Server hat darum gebeten, { $wait } zu warten.

## Ob und wann die Anfrage noch einmal gesendet werden soll

again-may-be-done = Finden Sie zuerst heraus, ob die Anfrage schon bewirkt hat, was sie sollte; senden Sie sie nur dann noch einmal, wenn das nicht der Fall ist.
again-after = Warten Sie { $wait } und versuchen Sie es dann noch einmal.
again-said-no = Lassen Sie es vorerst ruhen und versuchen Sie es später wieder.
again-useless = Dasselbe noch einmal zu versuchen, hilft wahrscheinlich erst, wenn sich etwas geändert hat.
again-minutes = Warten Sie einige Minuten und versuchen Sie es dann noch einmal: Gerade sind { $attempts } Versuche fehlgeschlagen, ein weiterer würde jetzt wohl ebenfalls scheitern.
again-unprocessed = Versuchen Sie es gleich noch einmal. Die Anfrage wurde nicht bearbeitet, es kann also nichts doppelt geschehen.
again-minute = Versuchen Sie es in einer Minute noch einmal.
again-from-start = Versuchen Sie es noch einmal; die Antwort beginnt dann von vorn. Wenn die Anfrage etwas ändert (eine Zahlung, eine Nachricht, eine Datei), prüfen Sie vorher, ob das schon geschehen ist.
again = Versuchen Sie es noch einmal. Wenn die Anfrage etwas ändert (eine Zahlung, eine Nachricht, eine Datei), prüfen Sie vorher, ob das schon geschehen ist.

## Unterwegs

connection_closed-title = Die Verbindung wurde geschlossen
connection_closed-sometime = Die Verbindung { x-zu } wurde geschlossen
connection_closed-connecting = Die Verbindung { x-zu } wurde geschlossen, während sie aufgebaut wurde
connection_closed-sending = Die Verbindung { x-zu } wurde geschlossen, während die Anfrage gesendet wurde
connection_closed = Die Verbindung { x-zu } wurde geschlossen, bevor eine Antwort kam
connection_closed-beginning = Die Verbindung { x-zu } wurde geschlossen, als die Antwort gerade begann
connection_closed-answering = { $size ->
    [unknown] Die Verbindung { x-zu } wurde mitten in der Antwort geschlossen
   *[known] Die Verbindung { x-zu } wurde mitten in der Antwort geschlossen, nach { $size }
}
connection_reset-title = Die Verbindung wurde abgebrochen
connection_reset-sometime = Die Verbindung { x-zu } wurde abgebrochen
connection_reset-connecting = Die Verbindung { x-zu } wurde abgebrochen, während sie aufgebaut wurde
connection_reset-sending = Die Verbindung { x-zu } wurde abgebrochen, während die Anfrage gesendet wurde
connection_reset = Die Verbindung { x-zu } wurde abgebrochen, bevor eine Antwort kam
connection_reset-beginning = Die Verbindung { x-zu } wurde abgebrochen, als die Antwort gerade begann
connection_reset-answering = { $size ->
    [unknown] Die Verbindung { x-zu } wurde mitten in der Antwort abgebrochen
   *[known] Die Verbindung { x-zu } wurde mitten in der Antwort abgebrochen, nach { $size }
}
connection-side = Höchstwahrscheinlich hat das Netz oder etwas auf dem Weg, etwa ein Proxy, ein VPN oder eine Firewall, die Verbindung beendet; es kann aber auch der Server selbst gewesen sein. Nichts deutet darauf hin, dass die Anfrage falsch war.
step-same-time = Wenn es immer nach etwa derselben Zeit abbricht, begrenzt etwas auf dem Weg die Dauer einer Antwort: Bitten Sie um eine kürzere Antwort, oder bitten Sie den Betreiber des Proxys oder der Firewall, diese Grenze anzuheben.
step-find-cause = Wenn es immer wieder geschieht, versuchen Sie es in einem anderen Netz oder schalten Sie VPN oder Proxy kurz aus, um herauszufinden, woran es liegt.
local-side = Die Adresse des Servers liegt auf diesem Rechner. Höchstwahrscheinlich wurde der Server beendet, ihm ging der Speicher aus, oder er wird gerade neu gestartet. Reicht er Anfragen nur weiter, wie ein Tunnel oder ein Gateway, kann die Ursache dahinter liegen. Nichts deutet darauf hin, dass die Anfrage falsch war.
step-local-log = Wenn es immer wieder geschieht, sehen Sie nach, ob der Server noch läuft und was in seinem Protokoll steht.
step-local-proxy = Wenn auf diesem Rechner ein Proxy eingestellt ist, achten Sie darauf, dass er für Adressen des Rechners selbst nicht benutzt wird.

stream_truncated-title = Die Antwort ist unvollständig
stream_truncated = { $size ->
    [unknown] Die Antwort { x-von } endete, bevor sie vollständig war
   *[known] Die Antwort { x-von } endete nach { $size }, bevor sie vollständig war
}
stream_truncated-side = Höchstwahrscheinlich hat das Netz, etwas auf dem Weg wie ein Proxy oder der Server die Antwort vorzeitig beendet. Nichts deutet darauf hin, dass die Anfrage falsch war.
step-not-whole = Verwenden Sie das, was angekommen ist, nicht so, als wäre es die ganze Antwort.
step-same-place = Wenn sie immer an etwa derselben Stelle endet, bitten Sie um eine kürzere Antwort oder wenden Sie sich an die Betreiber des Servers.

connection_refused-title = Unter dieser Adresse antwortet niemand
connection_refused = { x-host-first } nimmt unter dieser Adresse keine Verbindungen an
connection_refused-side = Die Ursache liegt beim Server oder bei der Adresse: Der Server läuft nicht, wird gerade neu gestartet oder ist unter einem anderen Port zu erreichen. Das Netz selbst funktioniert.
step-address-and-port = Prüfen Sie, ob Adresse und Portnummer stimmen.
step-start-server = Wenn es Ihr eigener Server ist, sehen Sie nach, ob er läuft, und starten Sie ihn gegebenenfalls.

unreachable-title = Der Server ist nicht erreichbar
unreachable = Dieser Rechner hat keinen Weg { x-zu } gefunden
unreachable-side = Höchstwahrscheinlich liegt es am Netz auf dieser Seite: an der Internetverbindung, einem VPN oder einer Firewall.
step-online = Prüfen Sie, ob dieser Rechner online ist, zum Beispiel indem Sie eine Webseite öffnen.
step-inside-or-outside = Wenn der Server in einem Firmennetz steht, verbinden Sie sich mit dessen VPN; wenn ein VPN eingeschaltet ist und der Server nicht dort steht, versuchen Sie es ohne.

dns-title = Der Name des Servers wurde nicht gefunden
dns = Die Netzadresse { x-von } konnte nicht ermittelt werden
dns-side = Entweder stimmt der Name nicht, oder der Namensdienst des Netzes auf dieser Seite funktioniert gerade nicht.
step-spelling = Prüfen Sie in Ihren Einstellungen, ob der Name des Servers richtig geschrieben ist.
step-inside = Wenn es den Namen nur in einem Firmennetz gibt, verbinden Sie sich mit dessen VPN.

proxy-title = Der Proxy hat die Anfrage nicht weitergegeben
proxy = Der Proxy auf dem Weg { x-zu } hat die Anfrage nicht durchgelassen
proxy-side = Die Ursache ist der Proxy, der Anfragen von diesem Rechner ins Internet weitergibt, oder seine Einstellungen hier. Der Server hat die Anfrage wahrscheinlich nie gesehen.
step-proxy-settings = Prüfen Sie die Proxy-Einstellungen dieses Programms: Adresse, Benutzername und Passwort.
step-without-proxy = Wenn sich dieses Netz auch ohne Proxy nutzen lässt, versuchen Sie es ohne.
step-allow-server = Bitten Sie andernfalls den Betreiber des Proxys, Verbindungen zu diesem Server zu erlauben.
step-no-proxy = Wenn Sie keinen Proxy verwenden, prüfen Sie die Adresse: Ein Server ohne Verschlüsselung braucht http:// statt https:// und oft eine andere Portnummer.

captive_portal-title = Statt der Antwort kam eine Webseite
captive_portal = Statt der Antwort { x-von } kam eine Webseite, wahrscheinlich die Anmeldeseite dieses Netzes
captive_portal-side = Höchstwahrscheinlich ist die Ursache das Netz, das dieser Rechner benutzt, wie in Hotels, Zügen und manchen Büros; oder die Adresse in Ihren Einstellungen ist die einer Website und nicht die des Dienstes selbst.
step-sign-in = Öffnen Sie in einem Browser irgendeine Webseite und melden Sie sich beim Netz an oder stimmen Sie seinen Bedingungen zu.
step-then-again = Versuchen Sie es dann noch einmal.
step-no-such-page = Wenn keine solche Seite erscheint, prüfen Sie die Adresse des Servers in Ihren Einstellungen und versuchen Sie es in einem anderen Netz, zum Beispiel über den Hotspot eines Telefons.

## Gesicherte Verbindungen

tls_untrusted-title = Dem Zertifikat des Servers wird nicht vertraut
tls_untrusted = { x-host-first } hat ein Zertifikat vorgelegt, dem dieser Rechner nicht vertraut, deshalb wurde nichts gesendet
tls_untrusted-side = Meist liegt es an einem Firmennetz oder einer Sicherheitssoftware auf dieser Seite, die gesicherte Verbindungen zur Prüfung öffnet und dabei ihr eigenes Zertifikat an die Stelle des echten setzt. Manchmal liegt es am Server, wenn er ein selbst ausgestelltes Zertifikat verwendet.
step-root-certificate = Bitten Sie in einem Firmennetz die IT-Abteilung um deren Stammzertifikat und fügen Sie es denen hinzu, denen dieses Programm vertraut.
step-hotspot = Versuchen Sie es einmal in einem anderen Netz, zum Beispiel über den Hotspot eines Telefons: Wenn es dort geht, prüft das erste Netz die Verbindungen.
step-public-certificate = Wenn es Ihr eigener Server ist, geben Sie ihm ein Zertifikat einer öffentlichen Stelle, oder fügen Sie seines denen hinzu, denen dieses Programm vertraut.
step-keep-checks = Lassen Sie die Prüfung von Zertifikaten eingeschaltet: Ohne sie könnte jeder auf dem Weg mitlesen.

tls_expired-title = Das Zertifikat des Servers ist heute nicht gültig
tls_expired = Das Zertifikat { x-von } ist abgelaufen oder noch nicht gültig, deshalb wurde nichts gesendet
tls_expired-side = Die Ursache liegt beim Server, es sei denn, die Uhr dieses Rechners geht falsch.
step-clock = Prüfen Sie, ob Datum und Uhrzeit dieses Rechners stimmen, und stellen Sie sie gegebenenfalls richtig.
step-renew = Wenn sie stimmen, wenden Sie sich an die Betreiber des Servers; nur sie können das Zertifikat erneuern.

tls_name-title = Das Zertifikat gehört zu einem anderen Namen
tls_name = { x-host-first } hat ein Zertifikat vorgelegt, das auf einen anderen Namen ausgestellt ist, deshalb wurde nichts gesendet
tls_name-side = Entweder stimmt die Adresse nicht ganz, oder die Verbindung ist bei einem anderen Rechner gelandet, oder der Server ist falsch eingerichtet.
step-without-vpn = Versuchen Sie es einmal ohne VPN oder Proxy oder in einem anderen Netz.
step-name-right = Wenn der Name stimmt, wenden Sie sich an die Betreiber des Servers.

tls_other-title = Keine gesicherte Verbindung
tls_other = Es konnte keine gesicherte Verbindung { x-zu } aufgebaut werden
tls_other-side = Die beiden Seiten konnten sich nicht einigen, wie die Verbindung zu sichern ist. Das kann am Server, an einem Proxy auf dem Weg oder an der Adresse liegen.
step-http-or-https = Prüfen Sie die Adresse: Ein Server ohne Verschlüsselung braucht http:// statt https:// und oft eine andere Portnummer.
step-old-encryption = Bringen Sie dieses Programm auf den neuesten Stand; sehr alte Verschlüsselung wird nicht mehr angenommen.
step-nothing-changed = Wenn das alles nichts ändert, wenden Sie sich an die Betreiber des Servers.

## Was zu lange dauert

timeout_connect-title = Der Server war nicht rechtzeitig erreichbar
timeout_connect = Es kam { x-in-time } keine Verbindung { x-zu } zustande
timeout_connect-side = Höchstwahrscheinlich liegt es am Netz auf dem Weg oder an einer Firewall, die Verbindungen wortlos verwirft; vielleicht ist auch der Server außer Betrieb.
step-only-this-server = Wenn nur dieser Server nicht erreichbar ist, prüfen Sie seine Adresse und ob ein VPN nötig oder im Weg ist.

timeout_head-title = Der Server hat zu lange für eine Antwort gebraucht
timeout_head = { x-host-first } hat nicht { x-in-time } zu antworten begonnen
timeout_first_event-title = Die Antwort hat nicht rechtzeitig begonnen
timeout_first_event = { x-host-first } hat die Anfrage angenommen, aber von der Antwort kam { x-in-time } nichts an
slow-side = Höchstwahrscheinlich ist der Server ausgelastet oder braucht für diese Anfrage länger, als ihm gewährt wurde.
step-smaller-or-longer = Wenn es nur bei großen Anfragen geschieht, verkleinern Sie die Anfrage oder gewähren Sie ihr in Ihren Einstellungen mehr Zeit.

timeout_idle-title = Die Antwort ist stehen geblieben
timeout_idle = { $limit ->
    [unknown] Die Antwort hat begonnen, aber dann kam { x-von } zu lange nichts mehr
   *[known] Die Antwort hat begonnen, aber dann kam { x-von } { $limit } lang nichts mehr
}
timeout_idle-answering = { $limit ->
    [unknown] Nach { $size } der Antwort kam { x-von } zu lange nichts mehr
   *[known] Nach { $size } der Antwort kam { x-von } { $limit } lang nichts mehr
}
timeout_idle-side = Entweder hängt der Server fest, oder die Verbindung ging unterwegs verloren, ohne dass eine der beiden Seiten es bemerkt hat.
step-longer-silence = Wenn bekannt ist, dass der Server lange überlegt, bevor er fortfährt, erlauben Sie in Ihren Einstellungen längere Pausen.
step-other-network = Wenn es immer wieder geschieht, versuchen Sie es in einem anderen Netz oder ohne VPN oder Proxy.

timeout_rate-title = Die Antwort kam zu langsam
timeout_rate = { $size ->
    [unknown] Die Antwort hat begonnen, kam aber { x-von } zu langsam, um weiter zu warten
   *[known] Nach { $size } der Antwort kam der Rest { x-von } zu langsam, um weiter zu warten
}
timeout_rate-side = Entweder ist der Server ausgelastet, oder die Verbindung zwischen hier und dort ist langsam. An der Anfrage liegt es nicht.
step-allow-slow = Wenn Ihre Verbindung langsam ist, erlauben Sie in Ihren Einstellungen langsamere Antworten.

timeout_total-title = Der Aufruf hat länger gedauert als erlaubt
timeout_total = { $limit ->
    [unknown] Der Aufruf { x-bei } war nicht in der dafür erlaubten Zeit abgeschlossen
   *[known] Der Aufruf { x-bei } war nicht in der dafür erlaubten Zeit ({ $limit }) abgeschlossen
}
timeout_total-answering = { $limit ->
    [unknown] Der Aufruf { x-bei } war nicht in der dafür erlaubten Zeit abgeschlossen; { $size } der Antwort waren angekommen
   *[known] Der Aufruf { x-bei } war nicht in der dafür erlaubten Zeit ({ $limit }) abgeschlossen; { $size } der Antwort waren angekommen
}
timeout_total-side = Die Grenze wurde auf dieser Seite gesetzt. Vielleicht hat der Server noch an der Anfrage gearbeitet.
timeout_total-unsent-side = Die Grenze wurde auf dieser Seite gesetzt. Der Server hatte noch nicht begonnen, die Anfrage zu bearbeiten.
step-more-time = Gewähren Sie dem Aufruf in Ihren Einstellungen mehr Zeit, oder verlangen Sie weniger auf einmal.
step-check-effect = Wenn die Anfrage etwas ändert (eine Zahlung, eine Nachricht, eine Datei), prüfen Sie, ob das schon geschehen ist, bevor Sie sie noch einmal senden.

rate_limited-title = Zurzeit zu viele Anfragen
rate_limited = { x-host-first } erhält zu viele Anfragen von diesem Konto oder Rechner und hat diese abgewiesen
rate_limited-side = Die Ursache liegt auf dieser Seite: Es wird mehr gesendet, als der Server erlaubt. Die Anfrage selbst ist in Ordnung.
step-send-less = Senden Sie weniger Anfragen gleichzeitig oder kleinere.
step-higher-limit = Wenn es oft geschieht, bitten Sie die Betreiber des Servers um ein höheres Limit.

quota_exhausted-title = Das Kontingent ist aufgebraucht
quota_exhausted = Das Kontingent Ihres Kontos { x-bei } ist aufgebraucht
quota_exhausted-side = Es geht um das Konto auf dieser Seite. Die Anfrage selbst ist in Ordnung, und nichts ist kaputt.
step-usage-page = Sehen Sie auf der Seite für Nutzung und Abrechnung des Kontos nach.
step-add-credit = Laden Sie dort Guthaben auf oder heben Sie das Limit an, oder warten Sie, bis das Kontingent erneuert wird.
step-other-account = Verwenden Sie bis dahin ein anderes Konto oder einen anderen Dienst; Wiederholen hilft nicht.

budget_exhausted-title = Zu viele Aufrufe schlagen fehl
budget_exhausted = Der Aufruf { x-bei } ist fehlgeschlagen und wurde nicht wiederholt, weil zurzeit zu viele Aufrufe fehlschlagen
budget_exhausted-side = Diese Seite hält sich zurück, um die Lage nicht zu verschlimmern; die Ursache der Fehlschläge liegt beim Netz oder beim Server.
step-wait-minutes = Warten Sie einige Minuten und versuchen Sie es dann noch einmal.
step-connection-and-status = Wenn es anhält, prüfen Sie die Internetverbindung und die Statusseite des Servers.

## Beim Server

overloaded-title = Der Server ist überlastet
overloaded = { x-host-first } hat gerade mehr zu tun, als er bewältigen kann
overloaded-side = Die Ursache liegt beim Server. Mit der Anfrage ist alles in Ordnung.
step-status-page = Wenn es länger anhält, sehen Sie auf der Statusseite des Servers nach.

server_error-title = Beim Server ist ein Fehler aufgetreten
server_error = { x-host-first } ist auf ein eigenes Problem gestoßen
server_error-side = Die Ursache liegt beim Server. Mit der Anfrage ist höchstwahrscheinlich alles in Ordnung.
step-change-request = Wenn dieselbe Anfrage jedes Mal fehlschlägt, während andere gelingen, ändern Sie sie ein wenig und wenden Sie sich an die Betreiber des Servers.
step-everything-fails = Wenn alles fehlschlägt, sehen Sie auf der Statusseite des Servers nach.

bad_gateway-title = Der Server hinter dem Gateway hat nicht geantwortet
bad_gateway = Ein Gateway auf dem Weg { x-zu } hat vom Server dahinter keine Antwort bekommen
bad_gateway-side = Die Ursache liegt auf der anderen Seite: beim Server oder beim Gateway, das Anfragen an ihn weitergibt. Mit der Anfrage ist alles in Ordnung.

protocol-title = Die Antwort ergibt keinen Sinn
protocol = Was { x-von } zurückkam, ist keine gültige Web-Antwort
protocol-side = Die Ursache liegt beim Server oder bei der Adresse: Vielleicht antwortet dort etwas anderes als ein Webserver.
step-whole-address = Prüfen Sie die Adresse: http:// oder https://, den Namen des Servers und die Portnummer.
step-address-right = Wenn die Adresse stimmt, wenden Sie sich an die Betreiber des Servers.
protocol-passing-title = Die Verbindung hat nicht richtig funktioniert
protocol-passing = Die Verbindung { x-zu } brach zusammen, weil bei der Verständigung der beiden Seiten etwas schiefging
protocol-passing-side = Höchstwahrscheinlich ein vorübergehender Fehler des Servers oder von etwas auf dem Weg, etwa einem Proxy oder VPN. Nichts deutet darauf hin, dass die Anfrage falsch war.

decode-title = Die Antwort kam beschädigt an
decode = { $size ->
    [unknown] Die Antwort { x-von } war beschädigt und nicht lesbar
   *[known] Die Antwort { x-von } war beschädigt und nach { $size } nicht weiter lesbar
}
decode-side = Die Ursache liegt beim Server oder bei etwas auf dem Weg, das Antworten verändert.
step-every-time = Wenn es jedes Mal geschieht, versuchen Sie es ohne VPN oder Proxy und wenden Sie sich an die Betreiber des Servers.

representation_changed-title = Der Inhalt hat sich inzwischen geändert
representation_changed = { $size ->
    [unknown] Der Inhalt { x-bei } wurde beim Abrufen durch eine andere Fassung ersetzt
   *[known] Nachdem { $size } { x-von } angekommen waren, wurde der Inhalt durch eine andere Fassung ersetzt
}
representation_changed-side = Daran ist niemand schuld: Auf dem Server liegt jetzt eine neuere Fassung.
step-throw-away = Verwerfen Sie den Teil, der angekommen ist; er gehört nicht zur neuen Fassung.
step-fetch-again = Rufen Sie den Inhalt noch einmal von vorn ab.

## Die Anfrage und wer sie sendet

auth-title = Die Anmeldung wurde nicht angenommen
auth = { x-host-first } hat keinen gültigen Schlüssel und kein gültiges Passwort erhalten
auth-side = Die Ursache liegt auf dieser Seite: beim Schlüssel, Passwort, Token oder Zertifikat in Ihren Einstellungen.
step-check-key = Prüfen Sie, ob ein Schlüssel hinterlegt ist, ob er vollständig und ohne Leerzeichen ist und ob er zu diesem Server gehört.
step-new-key = Wenn er abgelaufen oder zurückgezogen sein könnte, melden Sie sich neu an oder erstellen Sie einen neuen.
step-until-then = Versuchen Sie es dann noch einmal; vorher hilft Wiederholen nicht.

permission-title = Nicht erlaubt
permission = { x-host-first } erlaubt dies dem anfragenden Konto nicht
permission-side = Die Ursache liegt auf dieser Seite: beim Konto oder bei seinen Rechten.
step-right-account = Prüfen Sie, ob Sie das richtige Konto, die richtige Organisation oder das richtige Projekt verwenden.
step-ask-to-allow = Bitten Sie die Person, die das Konto verwaltet, es zu erlauben.
step-closed-countries = Manche Dienste sind für bestimmte Länder oder Netze gesperrt: Prüfen Sie auch das.

not_found-title = Nicht gefunden
not_found = { x-host-first } hat nicht, wonach gefragt wurde
not_found-side = Die Ursache liegt auf dieser Seite: höchstwahrscheinlich bei der Adresse oder einem Namen in der Anfrage.
step-check-names = Prüfen Sie die Adresse in Ihren Einstellungen und jeden Namen in der Anfrage, etwa den eines Modells oder einer Datei.
step-moved = Vielleicht wurde es verschoben oder entfernt: Sehen Sie auf den Seiten des Servers nach.

bad_request-title = Die Anfrage wurde nicht angenommen
bad_request = { x-host-first } hat die Anfrage in dieser Form nicht angenommen
bad_request-side = Die Ursache liegt auf dieser Seite: bei der Anfrage oder dem Programm, das sie erstellt hat.
step-undo = Machen Sie rückgängig, was Sie zuletzt an der Anfrage oder den Einstellungen geändert haben, und versuchen Sie es noch einmal.
step-update = Bringen Sie das Programm auf den neuesten Stand; vielleicht entspricht es nicht mehr dem, was der Server erwartet.
step-report = Wenn das nicht hilft, melden Sie es den Herstellern des Programms.
bad_request-unsent-title = Die Anfrage konnte nicht gesendet werden
bad_request-unsent = { x-host-first } hat nichts erhalten: Die Anfrage wurde nicht gesendet, weil etwas in ihr nicht gültig ist
step-address-and-key = Prüfen Sie die Adresse und den Schlüssel in Ihren Einstellungen: Die Adresse beginnt mit http:// oder https://, und keines von beiden enthält Leerzeichen oder Zeilenumbrüche.

context_length-title = Die Eingabe ist zu lang
context_length = Die Eingabe ist länger, als das Modell { x-bei } verarbeiten kann
context_length-side = Die Ursache liegt auf dieser Seite: in der Länge der Unterhaltung und dessen, was ihr beigefügt ist.
step-new-conversation = Beginnen Sie eine neue Unterhaltung, oder lassen Sie das Programm die jetzige kürzen.
step-smaller-files = Fügen Sie weniger oder kleinere Dateien bei.
step-other-model = Oder verwenden Sie ein Modell, das längere Eingaben annimmt.

content_filtered-title = Von einem Inhaltsfilter abgelehnt
content_filtered = Ein Inhaltsfilter { x-bei } hat die Anfrage oder die Antwort darauf abgelehnt
content_filtered-side = Darüber entscheiden die Regeln des Servers. Filter können irren: Es muss nicht an Ihnen liegen.
step-other-words = Sagen Sie es mit anderen Worten, oder lassen Sie den Teil weg, der den Filter ausgelöst haben könnte.
step-wrong-refusal = Wenn die Ablehnung offensichtlich falsch ist, wenden Sie sich an die Betreiber des Servers.

payload_too_large-title = Die Anfrage ist zu groß
payload_too_large = Die Anfrage ist größer, als { x-host } erlaubt
payload_too_large-side = Die Ursache liegt auf dieser Seite: in der Größe dessen, was gesendet wird.
step-less-at-once = Senden Sie weniger auf einmal: weniger oder kleinere Dateien, oder mehrere kleinere Anfragen.
step-raise-size = Wenn es Ihr eigener Server ist oder ein Proxy davor steht, heben Sie die dort erlaubte Größe an.

cancelled-title = Der Aufruf wurde abgebrochen
cancelled = Der Aufruf { x-bei } wurde auf dieser Seite beendet, bevor er fertig war
cancelled-side = Er wurde auf dieser Seite beendet, von Ihnen oder vom Programm. Nichts ist kaputt.
step-on-purpose = Wenn Sie ihn absichtlich beendet haben, ist nichts zu tun.
step-start-again = Wenn nicht, starten Sie ihn neu. Wenn die Anfrage etwas ändert (eine Zahlung, eine Nachricht, eine Datei), prüfen Sie zuerst, ob das schon geschehen ist.

unknown-title = Der Aufruf ist fehlgeschlagen
unknown = Der Aufruf { x-bei } ist fehlgeschlagen, und es ist nicht klar, warum
unknown-side = Es ist nicht klar, auf wessen Seite die Ursache liegt.
step-once-more = Versuchen Sie es noch einmal. Wenn die Anfrage etwas ändert (eine Zahlung, eine Nachricht, eine Datei), prüfen Sie zuerst, ob das schon geschehen ist.
step-look-at-log = Wenn es weiter fehlschlägt, sehen Sie im Protokoll des Programms nach; dort stehen die Einzelheiten.
