# Français. Pour la structure et les variables, voir en.ftl.

x-host = { $named ->
    [no] le serveur
   *[yes] { $host }
}
x-host-first = { $named ->
    [no] Le serveur
   *[yes] { $host }
}
x-a = { $named ->
    [no] au serveur
   *[yes] à { $host }
}
x-de = { $named ->
    [no] du serveur
   *[yes] de { $host }
}
x-times-attempts = { $attempts ->
    [1] une fois
    [2] deux fois
   *[other] { $attempts } fois
}
x-times-resumes = { $resumes ->
    [1] une fois
    [2] deux fois
   *[other] { $resumes } fois
}
x-waited = { $waited ->
    [none] {""}
   *[some] , avec { $waited } d’attente au total
}
x-in-time = { $limit ->
    [unknown] à temps
   *[known] en { $limit }
}

## Comment les phrases et les quantités sont composées

sentence = { $text }.
with-status = { $text } (statut { $status }).
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } jour
   *[other] { $n } jours
}
time-two = { $big } { $small }
size-bytes = { $count ->
    [one] { $n } octet
   *[other] { $n } octets
}
size-kilobytes = { $n } ko
size-megabytes = { $n } Mo
size-gigabytes = { $n } Go

## Titres

label-colon = { $text } :{" "}
label-side = De quel côté est la cause
label-tried = Ce qui a été tenté
label-come-back = Quand réessayer
label-next = Ce que vous pouvez faire
label-code = Code
label-reference = Référence

## Ce qui a été tenté

tries-attempts = La requête a été tentée { x-times-attempts }{ x-waited }.
tries-resumes = La réponse a été reprise { x-times-resumes } là où elle s’était arrêtée{ x-waited }.
tries-both = La requête a été tentée { x-times-attempts } et la réponse reprise { x-times-resumes } là où elle s’était arrêtée{ x-waited }.
stopped-not_transient = La requête n’a pas été tentée de nouveau, car le résultat aurait été le même.
stopped-not_repeatable = La requête n’a pas été renvoyée automatiquement, car elle a peut-être déjà eu son effet.
stopped-body_not_replayable = La requête n’a pas pu être renvoyée automatiquement, car son contenu n’avait pas été conservé.
stopped-not_resumable = La réponse n’a pas pu être reprise là où elle s’est arrêtée, car rien ne prouve que la suite correspondrait.
stopped-answer_differs = La requête a été renvoyée pour obtenir la suite, mais la réponse était différente, et deux réponses différentes ne sont jamais réunies.
stopped-server_said_no = Le serveur a demandé de ne plus réessayer.
stopped-attempts = Le nombre de tentatives permis est atteint.
stopped-elapsed = Le temps permis pour les tentatives est écoulé.
stopped-deadline = Le délai fixé pour cet appel ne laissait pas le temps d’une autre tentative.
stopped-hint_too_long = Le serveur a demandé une pause plus longue que ce que cet appel peut attendre.
stopped-budget = Beaucoup d’appels échouent en ce moment ; il n’y a donc pas eu d’autre tentative, afin de ne pas aggraver la situation.
stopped-no_progress = À chaque fois, elle s’est de nouveau interrompue avant que quoi que ce soit de nouveau n’arrive.
kept-part = La partie de la réponse qui était arrivée ({ $size }) a été transmise ; le reste manque.

## Quand réessayer

come-back-in = Réessayez dans { $wait }.
come-back-pause = Le serveur a demandé une pause de { $wait }.

## S’il faut renvoyer la requête, et quand

again-may-be-done = Vérifiez d’abord si la requête a déjà fait ce qu’elle devait faire ; ne la renvoyez que si ce n’est pas le cas.
again-after = Attendez { $wait }, puis réessayez.
again-said-no = Laissez les choses en l’état et réessayez plus tard.
again-useless = Recommencer à l’identique ne servira probablement à rien tant que rien n’a changé.
again-minutes = Attendez quelques minutes, puis réessayez : { $attempts } tentatives viennent d’échouer, une de plus maintenant échouerait sans doute aussi.
again-unprocessed = Réessayez dans un instant. La requête n’a pas été traitée, rien ne peut donc se produire deux fois.
again-minute = Réessayez dans une minute.
again-from-start = Réessayez ; la réponse recommencera depuis le début. Si la requête modifie quelque chose (un paiement, un message, un fichier), vérifiez d’abord si cela n’a pas déjà eu lieu.
again = Réessayez. Si la requête modifie quelque chose (un paiement, un message, un fichier), vérifiez d’abord si cela n’a pas déjà eu lieu.

## En chemin

connection_closed-title = La connexion a été fermée
connection_closed-sometime = La connexion { x-a } a été fermée
connection_closed-connecting = La connexion { x-a } a été fermée pendant son établissement
connection_closed-sending = La connexion { x-a } a été fermée pendant l’envoi de la requête
connection_closed = La connexion { x-a } a été fermée avant l’arrivée d’une réponse
connection_closed-beginning = La connexion { x-a } a été fermée juste au début de la réponse
connection_closed-answering = { $size ->
    [unknown] La connexion { x-a } a été fermée au milieu de la réponse
   *[known] La connexion { x-a } a été fermée au milieu de la réponse, après { $size }
}
connection_reset-title = La connexion a été coupée
connection_reset-sometime = La connexion { x-a } a été coupée
connection_reset-connecting = La connexion { x-a } a été coupée pendant son établissement
connection_reset-sending = La connexion { x-a } a été coupée pendant l’envoi de la requête
connection_reset = La connexion { x-a } a été coupée avant l’arrivée d’une réponse
connection_reset-beginning = La connexion { x-a } a été coupée juste au début de la réponse
connection_reset-answering = { $size ->
    [unknown] La connexion { x-a } a été coupée au milieu de la réponse
   *[known] La connexion { x-a } a été coupée au milieu de la réponse, après { $size }
}
connection-side = Le plus probable est que le réseau, ou quelque chose sur le chemin comme un proxy, un VPN ou un pare-feu, ait mis fin à la connexion ; le serveur lui-même a aussi pu le faire. Rien n’indique que la requête ait été incorrecte.
step-same-time = Si l’arrêt se produit toujours après à peu près le même temps, quelque chose sur le chemin limite la durée des réponses : demandez une réponse plus courte, ou demandez à qui gère le proxy ou le pare-feu de relever cette limite.
step-find-cause = Si cela continue, essayez un autre réseau, ou désactivez un moment le VPN ou le proxy, pour trouver lequel est en cause.
local-side = L’adresse du serveur est sur cet ordinateur même. Le plus probable est que le serveur se soit arrêté, qu’il ait manqué de mémoire ou qu’il redémarre. S’il ne fait que transmettre les requêtes, comme un tunnel ou une passerelle, la cause peut se trouver derrière lui. Rien n’indique que la requête ait été incorrecte.
step-local-log = Si cela continue, regardez si le serveur fonctionne encore et consultez son journal.
step-local-proxy = Si un proxy est configuré sur cet ordinateur, veillez à ce qu’il ne serve pas pour les adresses de l’ordinateur lui-même.

stream_truncated-title = La réponse est incomplète
stream_truncated = { $size ->
    [unknown] La réponse { x-de } s’est terminée avant d’être complète
   *[known] La réponse { x-de } s’est terminée après { $size }, avant d’être complète
}
stream_truncated-side = Le plus probable est que le réseau, quelque chose sur le chemin comme un proxy, ou le serveur ait mis fin trop tôt à la réponse. Rien n’indique que la requête ait été incorrecte.
step-not-whole = N’utilisez pas ce qui est arrivé comme si c’était la réponse entière.
step-same-place = Si elle se termine toujours à peu près au même endroit, demandez une réponse plus courte, ou prévenez les responsables du serveur.

connection_refused-title = Personne ne répond à cette adresse
connection_refused = { x-host-first } n’accepte pas de connexions à cette adresse
connection_refused-side = La cause est du côté du serveur ou de l’adresse : le serveur ne fonctionne pas, redémarre, ou écoute sur un autre port. Le réseau, lui, fonctionne.
step-address-and-port = Vérifiez que l’adresse et le numéro de port sont corrects.
step-start-server = Si le serveur est à vous, regardez s’il fonctionne et démarrez-le si nécessaire.

unreachable-title = Le serveur est injoignable
unreachable = Cet ordinateur n’a trouvé aucun chemin pour joindre { x-host }
unreachable-side = Le plus probable est que la cause soit le réseau de ce côté-ci : la connexion internet, un VPN ou un pare-feu.
step-online = Vérifiez que cet ordinateur est connecté, par exemple en ouvrant une page web.
step-inside-or-outside = Si le serveur est dans un réseau d’entreprise, connectez-vous à son VPN ; si un VPN est actif et que le serveur n’y est pas, essayez sans.

dns-title = Le nom du serveur est introuvable
dns = L’adresse réseau { x-de } n’a pas pu être trouvée
dns-side = Soit le nom n’est pas correct, soit le service de noms du réseau de ce côté-ci ne fonctionne pas en ce moment.
step-spelling = Vérifiez dans vos paramètres l’orthographe du nom du serveur.
step-inside = Si le nom n’existe que dans un réseau d’entreprise, connectez-vous à son VPN.

proxy-title = Le proxy n’a pas transmis la requête
proxy = Le proxy sur le chemin vers { x-host } n’a pas laissé passer la requête
proxy-side = La cause est le proxy, qui transmet les requêtes de cet ordinateur vers internet, ou ses paramètres ici. Le serveur n’a probablement jamais vu la requête.
step-proxy-settings = Vérifiez les paramètres de proxy de ce programme : adresse, nom d’utilisateur et mot de passe.
step-without-proxy = Si ce réseau peut être utilisé sans proxy, essayez sans.
step-allow-server = Sinon, demandez à qui gère le proxy d’autoriser les connexions à ce serveur.
step-no-proxy = Si vous n’utilisez pas de proxy, vérifiez l’adresse : un serveur sans chiffrement a besoin de http:// au lieu de https://, et souvent d’un autre numéro de port.

captive_portal-title = Une page web est arrivée au lieu de la réponse
captive_portal = Au lieu de la réponse { x-de }, une page web est arrivée, probablement la page de connexion de ce réseau
captive_portal-side = Le plus probable est que la cause soit le réseau que cet ordinateur utilise, comme dans les hôtels, les trains et certains bureaux ; ou que l’adresse dans vos paramètres soit celle d’un site web et non celle du service lui-même.
step-sign-in = Ouvrez n’importe quelle page web dans un navigateur et connectez-vous au réseau ou acceptez ses conditions.
step-then-again = Réessayez ensuite.
step-no-such-page = Si aucune page de ce genre n’apparaît, vérifiez l’adresse du serveur dans vos paramètres et essayez un autre réseau, par exemple le partage de connexion d’un téléphone.

## Connexions sécurisées

tls_untrusted-title = Le certificat du serveur n’est pas reconnu
tls_untrusted = { x-host-first } a présenté un certificat auquel cet ordinateur ne fait pas confiance, rien n’a donc été envoyé
tls_untrusted-side = La cause est le plus souvent un réseau d’entreprise ou un logiciel de sécurité de ce côté-ci, qui ouvre les connexions sécurisées pour les inspecter et met son propre certificat à la place de celui du serveur. Parfois c’est le serveur, s’il utilise un certificat qu’il a établi lui-même.
step-root-certificate = Dans un réseau d’entreprise, demandez au service informatique son certificat racine et ajoutez-le à ceux auxquels ce programme fait confiance.
step-hotspot = Essayez une fois depuis un autre réseau, par exemple le partage de connexion d’un téléphone : si cela marche, le premier réseau inspecte les connexions.
step-public-certificate = Si le serveur est à vous, donnez-lui un certificat d’une autorité publique, ou ajoutez le sien à ceux auxquels ce programme fait confiance.
step-keep-checks = Laissez la vérification des certificats activée : sans elle, n’importe qui sur le chemin pourrait lire vos échanges.

tls_expired-title = Le certificat du serveur n’est pas valable aujourd’hui
tls_expired = Le certificat { x-de } a expiré ou n’est pas encore valable, rien n’a donc été envoyé
tls_expired-side = La cause est du côté du serveur, sauf si l’horloge de cet ordinateur est fausse.
step-clock = Vérifiez que la date et l’heure de cet ordinateur sont justes, et corrigez-les si nécessaire.
step-renew = Si elles le sont, prévenez les responsables du serveur ; eux seuls peuvent renouveler le certificat.

tls_name-title = Le certificat appartient à un autre nom
tls_name = { x-host-first } a présenté un certificat établi pour un autre nom, rien n’a donc été envoyé
tls_name-side = Soit l’adresse n’est pas tout à fait juste, soit la connexion a abouti à une autre machine, soit le serveur est mal configuré.
step-without-vpn = Essayez une fois sans VPN ni proxy, ou depuis un autre réseau.
step-name-right = Si le nom est juste, prévenez les responsables du serveur.

tls_other-title = Pas de connexion sécurisée
tls_other = Aucune connexion sécurisée { x-a } n’a pu être établie
tls_other-side = Les deux côtés ne se sont pas entendus sur la façon de sécuriser la connexion. Cela peut venir du serveur, d’un proxy sur le chemin ou de l’adresse.
step-http-or-https = Vérifiez l’adresse : un serveur sans chiffrement a besoin de http:// au lieu de https://, et souvent d’un autre numéro de port.
step-old-encryption = Mettez ce programme à jour ; les chiffrements très anciens ne sont plus acceptés.
step-nothing-changed = Si rien de tout cela n’y change quoi que ce soit, prévenez les responsables du serveur.

## Ce qui prend trop de temps

timeout_connect-title = Le serveur n’a pas pu être joint à temps
timeout_connect = Aucune connexion { x-a } n’a pu être établie { x-in-time }
timeout_connect-side = Le plus probable est que la cause soit le réseau sur le chemin, ou un pare-feu qui rejette les connexions sans rien dire ; le serveur est peut-être aussi arrêté.
step-only-this-server = Si seul ce serveur est injoignable, vérifiez son adresse, et si un VPN est nécessaire ou fait obstacle.

timeout_head-title = Le serveur a mis trop de temps à répondre
timeout_head = { x-host-first } n’a pas commencé à répondre { x-in-time }
timeout_first_event-title = La réponse n’a pas commencé à temps
timeout_first_event = { x-host-first } a accepté la requête, mais rien de la réponse n’est arrivé { x-in-time }
slow-side = Le plus probable est que le serveur soit occupé, ou qu’il lui faille pour cette requête plus de temps qu’il n’en a eu.
step-smaller-or-longer = Si cela n’arrive qu’avec de grosses requêtes, réduisez la requête ou accordez-lui plus de temps dans vos paramètres.

timeout_idle-title = La réponse s’est interrompue
timeout_idle = { $limit ->
    [unknown] La réponse a commencé, puis plus rien n’est arrivé { x-de } pendant trop longtemps
   *[known] La réponse a commencé, puis plus rien n’est arrivé { x-de } pendant { $limit }
}
timeout_idle-answering = { $limit ->
    [unknown] Après { $size } de réponse, plus rien n’est arrivé { x-de } pendant trop longtemps
   *[known] Après { $size } de réponse, plus rien n’est arrivé { x-de } pendant { $limit }
}
timeout_idle-side = Soit le serveur est resté bloqué, soit la connexion s’est perdue en chemin sans qu’aucun des deux côtés ne s’en aperçoive.
step-longer-silence = Si le serveur est connu pour réfléchir longtemps avant de continuer, autorisez des silences plus longs dans vos paramètres.
step-other-network = Si cela continue, essayez un autre réseau, ou sans VPN ni proxy.

timeout_rate-title = La réponse arrivait trop lentement
timeout_rate = { $size ->
    [unknown] La réponse a commencé, mais elle arrivait trop lentement { x-de } pour continuer à attendre
   *[known] Après { $size } de réponse, la suite arrivait trop lentement { x-de } pour continuer à attendre
}
timeout_rate-side = Soit le serveur est occupé, soit la connexion entre ici et là-bas est lente. La requête n’est pas en cause.
step-allow-slow = Si votre connexion est lente, autorisez des réponses plus lentes dans vos paramètres.

timeout_total-title = L’appel a duré plus longtemps que permis
timeout_total = { $limit ->
    [unknown] L’appel { x-a } ne s’est pas terminé dans le temps prévu
   *[known] L’appel { x-a } ne s’est pas terminé en { $limit }
}
timeout_total-answering = { $limit ->
    [unknown] L’appel { x-a } ne s’est pas terminé dans le temps prévu ; { $size } de réponse étaient arrivés
   *[known] L’appel { x-a } ne s’est pas terminé en { $limit } ; { $size } de réponse étaient arrivés
}
timeout_total-side = La limite a été fixée de ce côté-ci. Le serveur travaillait peut-être encore à la requête.
timeout_total-unsent-side = La limite a été fixée de ce côté-ci. Le serveur n’avait pas encore commencé à travailler à la requête.
step-more-time = Accordez plus de temps à l’appel dans vos paramètres, ou demandez moins à la fois.
step-check-effect = Si la requête modifie quelque chose (un paiement, un message, un fichier), vérifiez si cela a déjà eu lieu avant de la renvoyer.

rate_limited-title = Trop de requêtes en ce moment
rate_limited = { x-host-first } reçoit trop de requêtes de ce compte ou de cet ordinateur et a refusé celle-ci
rate_limited-side = La cause est de ce côté-ci : on envoie plus que ce que le serveur autorise. La requête elle-même est correcte.
step-send-less = Envoyez moins de requêtes en même temps, ou de plus petites.
step-higher-limit = Si cela arrive souvent, demandez aux responsables du serveur une limite plus élevée.

quota_exhausted-title = Le quota est épuisé
quota_exhausted = Le quota de votre compte auprès { x-de } est épuisé
quota_exhausted-side = Cela concerne le compte de ce côté-ci. La requête elle-même est correcte, et rien n’est en panne.
step-usage-page = Consultez la page d’utilisation et de facturation du compte.
step-add-credit = Ajoutez du crédit ou relevez-y la limite, ou attendez que le quota soit renouvelé.
step-other-account = D’ici là, utilisez un autre compte ou un autre service ; réessayer ne servira à rien.

budget_exhausted-title = Trop d’appels échouent
budget_exhausted = L’appel { x-a } a échoué et n’a pas été répété, car trop d’appels échouent en ce moment
budget_exhausted-side = C’est ce côté-ci qui se retient, pour ne pas aggraver la situation ; la cause des échecs est dans le réseau ou le serveur.
step-wait-minutes = Attendez quelques minutes, puis réessayez.
step-connection-and-status = Si cela dure, vérifiez la connexion internet et la page d’état du serveur.

## Au serveur

overloaded-title = Le serveur est surchargé
overloaded = { x-host-first } a en ce moment plus de travail qu’il ne peut en accepter
overloaded-side = La cause est du côté du serveur. La requête n’est pas en cause.
step-status-page = Si cela dure longtemps, consultez la page d’état du serveur.

server_error-title = Le serveur a rencontré une erreur
server_error = { x-host-first } a rencontré un problème interne
server_error-side = La cause est du côté du serveur. Il est très probable que la requête ne soit pas en cause.
step-change-request = Si la même requête échoue chaque fois alors que d’autres passent, modifiez-la un peu et prévenez les responsables du serveur.
step-everything-fails = Si tout échoue, consultez la page d’état du serveur.

bad_gateway-title = Le serveur derrière la passerelle n’a pas répondu
bad_gateway = Une passerelle devant { x-host } n’a obtenu aucune réponse du serveur situé derrière elle
bad_gateway-side = La cause est de l’autre côté : le serveur, ou la passerelle qui lui transmet les requêtes. La requête n’est pas en cause.

protocol-title = La réponse n’a pas de sens
protocol = Ce qui est revenu { x-de } n’est pas une réponse web valable
protocol-side = La cause est du côté du serveur ou de l’adresse : peut-être que ce qui répond là n’est pas un serveur web.
step-whole-address = Vérifiez l’adresse : http:// ou https://, le nom du serveur et le numéro de port.
step-address-right = Si l’adresse est juste, prévenez les responsables du serveur.
protocol-passing-title = La connexion n’a pas bien fonctionné
protocol-passing = La connexion avec { x-host } s’est rompue, car quelque chose s’est mal passé dans l’échange entre les deux côtés
protocol-passing-side = Le plus probable est une défaillance passagère du serveur, ou de quelque chose sur le chemin comme un proxy ou un VPN. Rien n’indique que la requête ait été incorrecte.

decode-title = La réponse est arrivée endommagée
decode = { $size ->
    [unknown] La réponse { x-de } était endommagée et n’a pas pu être lue
   *[known] La réponse { x-de } était endommagée et n’a pas pu être lue au-delà de { $size }
}
decode-side = La cause est du côté du serveur, ou de quelque chose sur le chemin qui modifie les réponses.
step-every-time = Si cela arrive chaque fois, essayez sans VPN ni proxy, et prévenez les responsables du serveur.

representation_changed-title = Le contenu a changé entre-temps
representation_changed = { $size ->
    [unknown] Le contenu { x-de } a été remplacé par une autre version pendant sa récupération
   *[known] Après l’arrivée de { $size } en provenance { x-de }, le contenu a été remplacé par une autre version
}
representation_changed-side = Ce n’est la faute de personne : il y a maintenant une version plus récente sur le serveur.
step-throw-away = Jetez la partie qui est arrivée ; elle n’appartient pas à la nouvelle version.
step-fetch-again = Récupérez le contenu de nouveau depuis le début.

## La requête et qui l’envoie

auth-title = L’identification n’a pas été acceptée
auth = { x-host-first } n’a reçu ni clé ni mot de passe valable
auth-side = La cause est de ce côté-ci : la clé, le mot de passe, le jeton ou le certificat dans vos paramètres.
step-check-key = Vérifiez qu’une clé est définie, qu’elle est complète et sans espaces, et qu’elle correspond à ce serveur.
step-new-key = Si elle a pu expirer ou être révoquée, identifiez-vous de nouveau ou créez-en une autre.
step-until-then = Réessayez ensuite ; d’ici là, réessayer ne servira à rien.

permission-title = Non autorisé
permission = { x-host-first } n’autorise pas cela au compte qui l’a demandé
permission-side = La cause est de ce côté-ci : le compte, ou ce qu’il a le droit de faire.
step-right-account = Vérifiez que vous utilisez le bon compte, la bonne organisation ou le bon projet.
step-ask-to-allow = Demandez l’autorisation à la personne qui gère le compte.
step-closed-countries = Certains services sont fermés à certains pays ou réseaux : vérifiez cela aussi.

not_found-title = Introuvable
not_found = { x-host-first } n’a pas ce qui était demandé
not_found-side = La cause est de ce côté-ci : le plus probablement l’adresse, ou un nom dans la requête.
step-check-names = Vérifiez l’adresse dans vos paramètres, et chaque nom dans la requête, comme celui d’un modèle ou d’un fichier.
step-moved = Cela a peut-être été déplacé ou supprimé : cherchez-le sur les pages du serveur.

bad_request-title = La requête n’a pas été acceptée
bad_request = { x-host-first } n’a pas accepté la requête telle quelle
bad_request-side = La cause est de ce côté-ci : la requête, ou le programme qui l’a faite.
step-undo = Annulez ce que vous avez changé en dernier dans la requête ou les paramètres, et réessayez.
step-update = Mettez le programme à jour ; il ne correspond peut-être plus à ce que le serveur attend.
step-report = Si cela n’aide pas, signalez-le aux auteurs du programme.
bad_request-unsent-title = La requête n’a pas pu être envoyée
bad_request-unsent = La requête destinée { x-a } n’a pas été envoyée, car quelque chose y est incorrect
step-address-and-key = Vérifiez l’adresse et la clé dans vos paramètres : l’adresse commence par http:// ou https://, et ni l’une ni l’autre ne contient d’espaces ou de retours à la ligne.

context_length-title = L’entrée est trop longue
context_length = L’entrée est plus longue que ce que le modèle { x-de } peut accepter
context_length-side = La cause est de ce côté-ci : la longueur de la conversation et de ce qui y est joint.
step-new-conversation = Commencez une nouvelle conversation, ou laissez le programme raccourcir l’actuelle.
step-smaller-files = Joignez moins de fichiers, ou de plus petits.
step-other-model = Ou utilisez un modèle qui accepte des entrées plus longues.

content_filtered-title = Refusé par un filtre de contenu
content_filtered = Un filtre de contenu { x-de } a refusé la requête ou sa réponse
content_filtered-side = Ce sont les règles du serveur qui en décident. Les filtres peuvent se tromper : vous n’y êtes pas forcément pour quelque chose.
step-other-words = Dites-le avec d’autres mots, ou retirez la partie qui a pu déclencher le filtre.
step-wrong-refusal = Si le refus est manifestement une erreur, prévenez les responsables du serveur.

payload_too_large-title = La requête est trop volumineuse
payload_too_large = La requête est plus volumineuse que ce que { x-host } accepte
payload_too_large-side = La cause est de ce côté-ci : la taille de ce qui est envoyé.
step-less-at-once = Envoyez moins à la fois : moins de fichiers ou de plus petits, ou plusieurs requêtes plus petites.
step-raise-size = Si le serveur est à vous, ou s’il y a un proxy devant lui, relevez la taille qu’il autorise.

cancelled-title = L’appel a été annulé
cancelled = L’appel { x-a } a été arrêté de ce côté-ci avant la fin
cancelled-side = Il a été arrêté de ce côté-ci, par vous ou par le programme. Rien n’est en panne.
step-on-purpose = Si vous l’avez arrêté exprès, il n’y a rien à faire.
step-start-again = Sinon, relancez-le. Si la requête modifie quelque chose (un paiement, un message, un fichier), vérifiez d’abord si cela n’a pas déjà eu lieu.

unknown-title = L’appel a échoué
unknown = L’appel { x-a } a échoué, sans que la raison soit claire
unknown-side = On ne sait pas de quel côté est la cause.
step-once-more = Réessayez une fois. Si la requête modifie quelque chose (un paiement, un message, un fichier), vérifiez d’abord si cela n’a pas déjà eu lieu.
step-look-at-log = Si l’échec persiste, consultez le journal du programme, qui contient les détails.
