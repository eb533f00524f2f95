# Español. Para la estructura y las variables, véase en.ftl.

x-host = { $named ->
    [no] el servidor
   *[yes] { $host }
}
x-host-first = { $named ->
    [no] El servidor
   *[yes] { $host }
}
x-a = { $named ->
    [no] al servidor
   *[yes] a { $host }
}
x-de = { $named ->
    [no] del servidor
   *[yes] de { $host }
}
x-times-attempts = { $attempts ->
    [1] una vez
    [2] dos veces
   *[other] { $attempts } veces
}
x-times-resumes = { $resumes ->
    [1] una vez
    [2] dos veces
   *[other] { $resumes } veces
}
x-waited = { $waited ->
    [none] {""}
   *[some] , con { $waited } de espera en total
}
x-in-time = { $limit ->
    [unknown] a tiempo
   *[known] en { $limit }
}

## Cómo se componen las frases y las cantidades

sentence = { $text }.
with-status = { $text } (estado { $status }).
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } día
   *[other] { $n } días
}
time-two = { $big } { $small }
size-bytes = { $count ->
    [one] { $n } byte
   *[other] { $n } bytes
}
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB

## Encabezados

label-colon = { $text }:{" "}
label-side = De qué lado está la causa
label-tried = Qué se ha intentado
label-come-back = Cuándo volver a intentarlo
label-next = Qué puede hacer ahora
label-code = Código
label-reference = Referencia

## Qué se ha intentado

tries-attempts = La solicitud se intentó { x-times-attempts }{ x-waited }.
tries-resumes = La respuesta se reanudó { x-times-resumes } desde donde se había detenido{ x-waited }.
tries-both = La solicitud se intentó { x-times-attempts } y la respuesta se reanudó { x-times-resumes } desde donde se había detenido{ x-waited }.
stopped-not_transient = La solicitud no se volvió a intentar, porque el resultado habría sido el mismo.
stopped-not_repeatable = La solicitud no se volvió a enviar automáticamente, porque es posible que ya haya surtido efecto.
stopped-body_not_replayable = La solicitud no se pudo volver a enviar automáticamente, porque su contenido no se había conservado.
stopped-not_resumable = La respuesta no se pudo reanudar donde se detuvo, porque nada garantiza que el resto encaje.
stopped-answer_differs = La solicitud se envió de nuevo para obtener el resto, pero la respuesta fue otra, y dos respuestas distintas nunca se unen.
stopped-server_said_no = El servidor pidió que no se hicieran más intentos.
stopped-attempts = No se permiten más intentos.
stopped-elapsed = Se ha agotado el tiempo permitido para los intentos.
stopped-deadline = El plazo fijado para esta llamada no dejaba tiempo para otro intento.
stopped-hint_too_long = El servidor pidió una pausa más larga de lo que esta llamada puede esperar.
stopped-budget = En este momento fallan muchas llamadas, así que la solicitud no se volvió a intentar, para no empeorar la situación.
stopped-no_progress = Cada vez se interrumpió de nuevo antes de que llegara algo nuevo.
kept-part = La parte de la respuesta que había llegado ({ $size }) se entregó; falta el resto.

## Cuándo volver a intentarlo

come-back-in = Vuelva a intentarlo dentro de { $wait }.
come-back-pause = El servidor pidió una pausa de { $wait }.

## Si conviene volver a enviar la solicitud, y cuándo

again-may-be-done = Averigüe primero si la solicitud ya ha hecho lo que debía; vuelva a enviarla solo si no es así.
again-after = Espere { $wait } y vuelva a intentarlo.
again-said-no = Déjelo por ahora e inténtelo más tarde.
again-useless = Repetir lo mismo probablemente no servirá de nada mientras no cambie algo.
again-minutes = Espere unos minutos y vuelva a intentarlo: acaban de fallar { $attempts } intentos, así que otro ahora mismo probablemente también fallaría.
again-unprocessed = Vuelva a intentarlo en un momento. La solicitud no se procesó, así que nada puede ocurrir dos veces.
again-minute = Vuelva a intentarlo dentro de un minuto.
again-from-start = Vuelva a intentarlo; la respuesta empezará desde el principio. Si la solicitud cambia algo (un pago, un mensaje, un archivo), compruebe antes si eso ya ha ocurrido.
again = Vuelva a intentarlo. Si la solicitud cambia algo (un pago, un mensaje, un archivo), compruebe antes si eso ya ha ocurrido.

## Por el camino

connection_closed-title = Se cerró la conexión
connection_closed-sometime = La conexión con { x-host } se cerró
connection_closed-connecting = La conexión con { x-host } se cerró mientras se establecía
connection_closed-sending = La conexión con { x-host } se cerró mientras se enviaba la solicitud
connection_closed = La conexión con { x-host } se cerró antes de que llegara una respuesta
connection_closed-beginning = La conexión con { x-host } se cerró justo cuando empezaba la respuesta
connection_closed-answering = { $size ->
    [unknown] La conexión con { x-host } se cerró en mitad de la respuesta
   *[known] La conexión con { x-host } se cerró en mitad de la respuesta, después de { $size }
}
connection_reset-title = Se cortó la conexión
connection_reset-sometime = La conexión con { x-host } se cortó
connection_reset-connecting = La conexión con { x-host } se cortó mientras se establecía
connection_reset-sending = La conexión con { x-host } se cortó mientras se enviaba la solicitud
connection_reset = La conexión con { x-host } se cortó antes de que llegara una respuesta
connection_reset-beginning = La conexión con { x-host } se cortó justo cuando empezaba la respuesta
connection_reset-answering = { $size ->
    [unknown] La conexión con { x-host } se cortó en mitad de la respuesta
   *[known] La conexión con { x-host } se cortó en mitad de la respuesta, después de { $size }
}
connection-side = Lo más probable es que la red, o algo que hay por el camino, como un proxy, una VPN o un cortafuegos, terminara la conexión; también pudo hacerlo el propio servidor. Nada indica que la solicitud fuera incorrecta.
step-same-time = Si siempre se detiene más o menos al cabo del mismo tiempo, algo por el camino limita la duración de las respuestas: pida una respuesta más corta, o pida a quien administra el proxy o el cortafuegos que aumente ese límite.
step-find-cause = Si sigue ocurriendo, pruebe con otra red o desactive un momento la VPN o el proxy, para averiguar cuál es la causa.
local-side = La dirección del servidor está en este mismo equipo. Lo más probable es que el servidor se detuviera, se quedara sin memoria o se esté reiniciando. Si solo reenvía las solicitudes, como un túnel o una pasarela, la causa puede estar detrás de él. Nada indica que la solicitud fuera incorrecta.
step-local-log = Si sigue ocurriendo, mire si el servidor está todavía en marcha y consulte su registro.
step-local-proxy = Si en este equipo hay un proxy configurado, asegúrese de que no se use para las direcciones del propio equipo.

stream_truncated-title = La respuesta está incompleta
stream_truncated = { $size ->
    [unknown] La respuesta { x-de } terminó antes de estar completa
   *[known] La respuesta { x-de } terminó después de { $size }, antes de estar completa
}
stream_truncated-side = Lo más probable es que la red, algo por el camino, como un proxy, o el servidor terminara la respuesta antes de tiempo. Nada indica que la solicitud fuera incorrecta.
step-not-whole = No use lo que ha llegado como si fuera la respuesta entera.
step-same-place = Si siempre termina más o menos en el mismo punto, pida una respuesta más corta o avise a quienes administran el servidor.

connection_refused-title = Nadie responde en esa dirección
connection_refused = { x-host-first } no acepta conexiones en esta dirección
connection_refused-side = La causa está en el servidor o en la dirección: el servidor no está en marcha, se está reiniciando o atiende en otro puerto. La red en sí funciona.
step-address-and-port = Compruebe que la dirección y el número de puerto sean correctos.
step-start-server = Si el servidor es suyo, mire si está en marcha y, si no, inícielo.

unreachable-title = No se puede llegar al servidor
unreachable = Este equipo no encontró ningún camino para llegar { x-a }
unreachable-side = Lo más probable es que la causa sea la red de este lado: la conexión a internet, una VPN o un cortafuegos.
step-online = Compruebe que este equipo tenga conexión, por ejemplo abriendo una página web.
step-inside-or-outside = Si el servidor está dentro de la red de una empresa, conéctese a su VPN; si hay una VPN activa y el servidor no está dentro, pruebe sin ella.

dns-title = No se encontró el nombre del servidor
dns = No se pudo averiguar la dirección de red { x-de }
dns-side = O el nombre no es correcto, o el servicio de nombres de la red de este lado no funciona en este momento.
step-spelling = Compruebe en su configuración que el nombre del servidor esté bien escrito.
step-inside = Si el nombre solo existe dentro de la red de una empresa, conéctese a su VPN.

proxy-title = El proxy no dejó pasar la solicitud
proxy = El proxy que hay de camino { x-a } no dejó pasar la solicitud
proxy-side = La causa es el proxy, que transmite a internet las solicitudes de este equipo, o su configuración aquí. Probablemente el servidor no llegó a ver la solicitud.
step-proxy-settings = Compruebe la configuración del proxy de este programa: dirección, usuario y contraseña.
step-without-proxy = Si esta red se puede usar sin proxy, pruebe sin él.
step-allow-server = Si no, pida a quien administra el proxy que permita las conexiones a este servidor.
step-no-proxy = Si no usa ningún proxy, compruebe la dirección: un servidor sin cifrado necesita http:// en lugar de https://, y a menudo otro número de puerto.

captive_portal-title = Llegó una página web en lugar de la respuesta
captive_portal = En lugar de la respuesta { x-de } llegó una página web, probablemente la página de acceso de esta red
captive_portal-side = Lo más probable es que la causa sea la red que usa este equipo, como en hoteles, trenes y algunas oficinas; o que la dirección de su configuración sea la de un sitio web y no la del propio servicio.
step-sign-in = Abra cualquier página web en un navegador e inicie sesión en la red o acepte sus condiciones.
step-then-again = Después, vuelva a intentarlo.
step-no-such-page = Si no aparece ninguna página de ese tipo, compruebe la dirección del servidor en su configuración y pruebe con otra red, por ejemplo compartiendo la conexión de un teléfono.

## Conexiones seguras

tls_untrusted-title = El certificado del servidor no es de confianza
tls_untrusted = { x-host-first } presentó un certificado en el que este equipo no confía, así que no se envió nada
tls_untrusted-side = La causa suele ser la red de una empresa o un programa de seguridad de este lado, que abre las conexiones seguras para inspeccionarlas y pone su propio certificado en lugar del verdadero. A veces es el servidor, si usa un certificado que ha emitido él mismo.
step-root-certificate = En la red de una empresa, pida al departamento de informática su certificado raíz y añádalo a aquellos en los que confía este programa.
step-hotspot = Pruebe una vez desde otra red, por ejemplo compartiendo la conexión de un teléfono: si así funciona, la primera red inspecciona las conexiones.
step-public-certificate = Si el servidor es suyo, dele un certificado de una autoridad pública, o añada el suyo a aquellos en los que confía este programa.
step-keep-checks = Deje activada la comprobación de certificados: sin ella, cualquiera por el camino podría leer lo que se envía.

tls_expired-title = El certificado del servidor no es válido hoy
tls_expired = El certificado { x-de } ha caducado o todavía no es válido, así que no se envió nada
tls_expired-side = La causa está en el servidor, a no ser que el reloj de este equipo vaya mal.
step-clock = Compruebe que la fecha y la hora de este equipo sean correctas y, si no, corríjalas.
step-renew = Si lo son, avise a quienes administran el servidor; solo ellos pueden renovar el certificado.

tls_name-title = El certificado pertenece a otro nombre
tls_name = { x-host-first } presentó un certificado emitido para otro nombre, así que no se envió nada
tls_name-side = O la dirección no es del todo correcta, o la conexión acabó en otro equipo, o el servidor está mal configurado.
step-without-vpn = Pruebe una vez sin VPN ni proxy, o desde otra red.
step-name-right = Si el nombre es correcto, avise a quienes administran el servidor.

tls_other-title = No hay conexión segura
tls_other = No se pudo establecer una conexión segura con { x-host }
tls_other-side = Los dos lados no se pusieron de acuerdo en cómo proteger la conexión. Puede deberse al servidor, a un proxy por el camino o a la dirección.
step-http-or-https = Compruebe la dirección: un servidor sin cifrado necesita http:// en lugar de https://, y a menudo otro número de puerto.
step-old-encryption = Actualice este programa; los cifrados muy antiguos ya no se aceptan.
step-nothing-changed = Si nada de eso cambia las cosas, avise a quienes administran el servidor.

## Lo que tarda demasiado

timeout_connect-title = No se pudo llegar a tiempo al servidor
timeout_connect = No se pudo establecer { x-in-time } una conexión con { x-host }
timeout_connect-side = Lo más probable es que la causa sea la red por el camino, o un cortafuegos que descarta conexiones sin avisar; también puede que el servidor no esté en marcha.
step-only-this-server = Si solo falla este servidor, compruebe su dirección y si hace falta o estorba una VPN.

timeout_head-title = El servidor tardó demasiado en responder
timeout_head = { x-host-first } no empezó a responder { x-in-time }
timeout_first_event-title = La respuesta no empezó a tiempo
timeout_first_event = { x-host-first } aceptó la solicitud, pero no llegó nada de la respuesta { x-in-time }
slow-side = Lo más probable es que el servidor esté ocupado, o que necesite para esta solicitud más tiempo del que se le dio.
step-smaller-or-longer = Si solo ocurre con solicitudes grandes, haga la solicitud más pequeña o permita más tiempo para ella en su configuración.

timeout_idle-title = La respuesta dejó de llegar
timeout_idle = { $limit ->
    [unknown] La respuesta empezó, pero después no llegó nada más { x-de } durante demasiado tiempo
   *[known] La respuesta empezó, pero después no llegó nada más { x-de } durante { $limit }
}
timeout_idle-answering = { $limit ->
    [unknown] Después de { $size } de la respuesta, no llegó nada más { x-de } durante demasiado tiempo
   *[known] Después de { $size } de la respuesta, no llegó nada más { x-de } durante { $limit }
}
timeout_idle-side = O el servidor se quedó atascado, o la conexión se perdió por el camino sin que ninguno de los dos lados lo notara.
step-longer-silence = Si se sabe que el servidor piensa mucho antes de continuar, permita silencios más largos en su configuración.
step-other-network = Si sigue ocurriendo, pruebe con otra red, o sin VPN ni proxy.

timeout_rate-title = La respuesta llegaba demasiado despacio
timeout_rate = { $size ->
    [unknown] La respuesta empezó, pero llegaba { x-de } demasiado despacio para seguir esperando
   *[known] Después de { $size } de la respuesta, el resto llegaba { x-de } demasiado despacio para seguir esperando
}
timeout_rate-side = O el servidor está ocupado, o la conexión entre ambos lados es lenta. La solicitud no tiene nada de malo.
step-allow-slow = Si su conexión es lenta, permita respuestas más lentas en su configuración.

timeout_total-title = La llamada tardó más de lo permitido
timeout_total = { $limit ->
    [unknown] La llamada { x-a } no terminó en el tiempo permitido para ella
   *[known] La llamada { x-a } no terminó en { $limit }
}
timeout_total-answering = { $limit ->
    [unknown] La llamada { x-a } no terminó en el tiempo permitido para ella; habían llegado { $size } de la respuesta
   *[known] La llamada { x-a } no terminó en { $limit }; habían llegado { $size } de la respuesta
}
timeout_total-side = El límite se fijó de este lado. Puede que el servidor siguiera trabajando en la solicitud.
timeout_total-unsent-side = El límite se fijó de este lado. El servidor todavía no había empezado a trabajar en la solicitud.
step-more-time = Permita más tiempo para la llamada en su configuración, o pida menos de una vez.
step-check-effect = Si la solicitud cambia algo (un pago, un mensaje, un archivo), compruebe si eso ya ha ocurrido antes de volver a enviarla.

rate_limited-title = Demasiadas solicitudes en este momento
rate_limited = { x-host-first } recibe demasiadas solicitudes de esta cuenta o de este equipo y rechazó esta
rate_limited-side = La causa está de este lado: se envía más de lo que el servidor permite. La solicitud en sí está bien.
step-send-less = Envíe menos solicitudes a la vez, o más pequeñas.
step-higher-limit = Si ocurre a menudo, pida a quienes administran el servidor un límite más alto.

quota_exhausted-title = Se ha agotado el cupo
quota_exhausted = Se ha agotado el cupo de su cuenta en { x-host }
quota_exhausted-side = Es un asunto de la cuenta de este lado. La solicitud en sí está bien y no hay nada averiado.
step-usage-page = Consulte la página de uso y facturación de la cuenta.
step-add-credit = Añada saldo o aumente allí el límite, o espere a que se renueve el cupo.
step-other-account = Hasta entonces, use otra cuenta u otro servicio; repetir no servirá de nada.

budget_exhausted-title = Fallan demasiadas llamadas
budget_exhausted = La llamada { x-a } falló y no se repitió, porque en este momento fallan demasiadas llamadas
budget_exhausted-side = Es este lado el que se contiene, para no empeorar la situación; la causa de los fallos está en la red o en el servidor.
step-wait-minutes = Espere unos minutos y vuelva a intentarlo.
step-connection-and-status = Si continúa, compruebe la conexión a internet y la página de estado del servidor.

## En el servidor

overloaded-title = El servidor está sobrecargado
overloaded = { x-host-first } tiene en este momento más trabajo del que puede atender
overloaded-side = La causa está en el servidor. La solicitud no tiene nada de malo.
step-status-page = Si dura mucho, consulte la página de estado del servidor.

server_error-title = El servidor falló
server_error = { x-host-first } tuvo un problema propio
server_error-side = La causa está en el servidor. Lo más probable es que la solicitud no tenga nada de malo.
step-change-request = Si la misma solicitud falla siempre mientras otras funcionan, cámbiela un poco y avise a quienes administran el servidor.
step-everything-fails = Si falla todo, consulte la página de estado del servidor.

bad_gateway-title = El servidor que hay detrás de la pasarela no respondió
bad_gateway = Una pasarela que hay delante { x-de } no obtuvo respuesta del servidor que hay detrás
bad_gateway-side = La causa está en el otro lado: en el servidor o en la pasarela que le transmite las solicitudes. La solicitud no tiene nada de malo.

protocol-title = La respuesta no tiene sentido
protocol = Lo que llegó { x-de } no es una respuesta web válida
protocol-side = La causa está en el servidor o en la dirección: quizá allí responda algo que no es un servidor web.
step-whole-address = Compruebe la dirección: http:// o https://, el nombre del servidor y el número de puerto.
step-address-right = Si la dirección es correcta, avise a quienes administran el servidor.
protocol-passing-title = La conexión no funcionó bien
protocol-passing = La conexión con { x-host } se rompió porque algo falló en la comunicación entre ambas partes
protocol-passing-side = Lo más probable es que sea un fallo pasajero del servidor, o de algo que hay por el camino, como un proxy o una VPN. Nada indica que la solicitud fuera incorrecta.

decode-title = La respuesta llegó dañada
decode = { $size ->
    [unknown] La respuesta { x-de } estaba dañada y no se pudo leer
   *[known] La respuesta { x-de } estaba dañada y no se pudo seguir leyendo después de { $size }
}
decode-side = La causa está en el servidor, o en algo por el camino que modifica las respuestas.
step-every-time = Si ocurre siempre, pruebe sin VPN ni proxy y avise a quienes administran el servidor.

representation_changed-title = El contenido cambió entretanto
representation_changed = { $size ->
    [unknown] El contenido { x-de } fue sustituido por otra versión mientras se descargaba
   *[known] Cuando habían llegado { $size } { x-de }, el contenido fue sustituido por otra versión
}
representation_changed-side = Nadie tiene la culpa: ahora hay una versión más reciente en el servidor.
step-throw-away = Descarte la parte que ha llegado; no pertenece a la nueva versión.
step-fetch-again = Descárguelo de nuevo desde el principio.

## La solicitud y quien la envía

auth-title = No se aceptó la identificación
auth = { x-host-first } no recibió ninguna clave ni contraseña válida
auth-side = La causa está de este lado: la clave, la contraseña, el token o el certificado de su configuración.
step-check-key = Compruebe que haya una clave configurada, que esté completa y sin espacios, y que corresponda a este servidor.
step-new-key = Si puede haber caducado o haber sido retirada, inicie sesión de nuevo o cree otra.
step-until-then = Después, vuelva a intentarlo; hasta entonces, repetir no servirá de nada.

permission-title = No permitido
permission = { x-host-first } no permite esto a la cuenta que lo pidió
permission-side = La causa está de este lado: la cuenta, o lo que se le permite hacer.
step-right-account = Compruebe que esté usando la cuenta, la organización o el proyecto correctos.
step-ask-to-allow = Pida a quien administra la cuenta que lo permita.
step-closed-countries = Algunos servicios están cerrados para ciertos países o redes: compruebe también eso.

not_found-title = No encontrado
not_found = { x-host-first } no tiene lo que se pidió
not_found-side = La causa está de este lado: lo más probable es que sea la dirección, o un nombre en la solicitud.
step-check-names = Compruebe la dirección en su configuración y todos los nombres de la solicitud, como el de un modelo o un archivo.
step-moved = Puede que se haya movido o eliminado: búsquelo en las páginas del propio servidor.

bad_request-title = No se aceptó la solicitud
bad_request = { x-host-first } no aceptó la solicitud tal como es
bad_request-side = La causa está de este lado: la solicitud, o el programa que la hizo.
step-undo = Deshaga lo último que cambió en la solicitud o en la configuración y vuelva a intentarlo.
step-update = Actualice el programa; puede que ya no se ajuste a lo que el servidor espera.
step-report = Si eso no ayuda, comuníquelo a los autores del programa.
bad_request-unsent-title = No se pudo enviar la solicitud
bad_request-unsent = La solicitud { x-a } no se envió porque algo en ella no es válido
step-address-and-key = Compruebe la dirección y la clave de su configuración: la dirección empieza por http:// o https://, y ninguna de las dos contiene espacios ni saltos de línea.

context_length-title = La entrada es demasiado larga
context_length = La entrada es más larga de lo que admite el modelo { x-de }
context_length-side = La causa está de este lado: la longitud de la conversación y de lo que lleva adjunto.
step-new-conversation = Empiece una conversación nueva, o deje que el programa acorte la actual.
step-smaller-files = Adjunte menos archivos, o más pequeños.
step-other-model = O use un modelo que admita entradas más largas.

content_filtered-title = Rechazado por un filtro de contenido
content_filtered = Un filtro de contenido { x-de } rechazó la solicitud o su respuesta
content_filtered-side = Lo deciden las reglas del servidor. Los filtros se equivocan a veces: no tiene por qué ser culpa suya.
step-other-words = Dígalo con otras palabras, o quite la parte que pueda haber activado el filtro.
step-wrong-refusal = Si el rechazo es claramente un error, avise a quienes administran el servidor.

payload_too_large-title = La solicitud es demasiado grande
payload_too_large = La solicitud es más grande de lo que acepta { x-host }
payload_too_large-side = La causa está de este lado: el tamaño de lo que se envía.
step-less-at-once = Envíe menos de una vez: menos archivos o más pequeños, o varias solicitudes más pequeñas.
step-raise-size = Si el servidor es suyo, o hay un proxy delante de él, aumente el tamaño que permite.

cancelled-title = La llamada se canceló
cancelled = La llamada { x-a } se terminó de este lado antes de acabar
cancelled-side = Se terminó de este lado, por usted o por el programa. No hay nada averiado.
step-on-purpose = Si la terminó a propósito, no hay nada que hacer.
step-start-again = Si no, empiécela de nuevo. Si la solicitud cambia algo (un pago, un mensaje, un archivo), compruebe antes si eso ya ha ocurrido.

unknown-title = La llamada falló
unknown = La llamada { x-a } falló y no está claro por qué
unknown-side = No está claro de qué lado está la causa.
step-once-more = Inténtelo una vez más. Si la solicitud cambia algo (un pago, un mensaje, un archivo), compruebe antes si eso ya ha ocurrido.
step-look-at-log = Si sigue fallando, consulte el registro del programa, que contiene los detalles.
