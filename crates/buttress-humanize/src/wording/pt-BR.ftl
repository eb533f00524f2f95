# Português do Brasil. Para a estrutura e as variáveis, veja en.ftl.

x-host = { $named ->
    [no] o servidor
   *[yes] { $host }
}
x-host-first = { $named ->
    [no] O servidor
   *[yes] { $host }
}
x-a = { $named ->
    [no] ao servidor
   *[yes] a { $host }
}
x-de = { $named ->
    [no] do servidor
   *[yes] de { $host }
}
x-em = { $named ->
    [no] no servidor
   *[yes] em { $host }
}
x-times-attempts = { $attempts ->
    [1] uma vez
    [2] duas vezes
   *[other] { $attempts } vezes
}
x-times-resumes = { $resumes ->
    [1] uma vez
    [2] duas vezes
   *[other] { $resumes } vezes
}
x-waited = { $waited ->
    [none] {""}
   *[some] , com { $waited } de espera no total
}
x-in-time = { $limit ->
    [unknown] a tempo
   *[known] em { $limit }
}

## Como as frases e as quantidades são compostas

sentence = { $text }.
with-status = { $text } (status { $status }).
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $count ->
    [one] { $n } dia
   *[other] { $n } dias
}
time-two = { $big } { $small }
size-bytes = { $count ->
    [one] { $n } byte
   *[other] { $n } bytes
}
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
size-gigabytes = { $n } GB

## Títulos

label-colon = { $text }:{" "}
label-side = De que lado está a causa
label-tried = O que foi tentado
label-come-back = Quando tentar de novo
label-next = O que você pode fazer agora
label-code = Código
label-reference = Referência

## O que foi tentado

tries-attempts = A requisição foi tentada { x-times-attempts }{ x-waited }.
tries-resumes = A resposta foi retomada { x-times-resumes } do ponto em que havia parado{ x-waited }.
tries-both = A requisição foi tentada { x-times-attempts } e a resposta foi retomada { x-times-resumes } do ponto em que havia parado{ x-waited }.
stopped-not_transient = A requisição não foi tentada de novo, porque o resultado teria sido o mesmo.
stopped-not_repeatable = A requisição não foi reenviada automaticamente, porque talvez já tenha produzido efeito.
stopped-body_not_replayable = A requisição não pôde ser reenviada automaticamente, porque o conteúdo não havia sido guardado.
stopped-not_resumable = A resposta não pôde ser retomada do ponto em que parou, porque nada garante que o restante se encaixaria.
stopped-answer_differs = A requisição foi enviada de novo para obter o restante, mas a resposta foi outra, e duas respostas diferentes nunca são unidas.
stopped-server_said_no = O servidor pediu que não houvesse mais tentativas.
stopped-attempts = O número de tentativas permitido foi atingido.
stopped-elapsed = O tempo permitido para tentativas se esgotou.
stopped-deadline = O prazo definido para esta chamada não deixava tempo para outra tentativa.
stopped-hint_too_long = O servidor pediu uma pausa mais longa do que esta chamada pode esperar.
stopped-budget = Muitas chamadas estão falhando no momento; por isso não houve nova tentativa, para não piorar a situação.
stopped-no_progress = A cada vez, ela parou de novo antes que algo novo chegasse.
kept-part = A parte da resposta que havia chegado ({ $size }) foi entregue; falta o restante.

## Quando tentar de novo

come-back-in = Tente de novo daqui a { $wait }.
come-back-pause = O servidor pediu uma pausa de { $wait }.

## Se e quando enviar a requisição de novo

again-may-be-done = Descubra primeiro se a requisição já fez o que deveria fazer; só a envie de novo se não tiver feito.
again-after = Espere { $wait } e tente de novo.
again-said-no = Deixe como está e tente mais tarde.
again-useless = Tentar a mesma coisa de novo provavelmente não vai adiantar enquanto nada mudar.
again-minutes = Espere alguns minutos e tente de novo: { $attempts } tentativas acabaram de falhar, e mais uma agora provavelmente também falharia.
again-unprocessed = Tente de novo daqui a pouco. A requisição não foi processada, então nada pode acontecer duas vezes.
again-minute = Tente de novo daqui a um minuto.
again-from-start = Tente de novo; a resposta vai começar do início. Se a requisição altera alguma coisa (um pagamento, uma mensagem, um arquivo), verifique antes se isso já aconteceu.
again = Tente de novo. Se a requisição altera alguma coisa (um pagamento, uma mensagem, um arquivo), verifique antes se isso já aconteceu.

## No caminho

connection_closed-title = A conexão foi fechada
connection_closed-sometime = A conexão com { x-host } foi fechada
connection_closed-connecting = A conexão com { x-host } foi fechada enquanto era estabelecida
connection_closed-sending = A conexão com { x-host } foi fechada enquanto a requisição era enviada
connection_closed = A conexão com { x-host } foi fechada antes de chegar uma resposta
connection_closed-beginning = A conexão com { x-host } foi fechada bem quando a resposta começava
connection_closed-answering = { $size ->
    [unknown] A conexão com { x-host } foi fechada no meio da resposta
   *[known] A conexão com { x-host } foi fechada no meio da resposta, depois de { $size }
}
connection_reset-title = A conexão foi cortada
connection_reset-sometime = A conexão com { x-host } foi cortada
connection_reset-connecting = A conexão com { x-host } foi cortada enquanto era estabelecida
connection_reset-sending = A conexão com { x-host } foi cortada enquanto a requisição era enviada
connection_reset = A conexão com { x-host } foi cortada antes de chegar uma resposta
connection_reset-beginning = A conexão com { x-host } foi cortada bem quando a resposta começava
connection_reset-answering = { $size ->
    [unknown] A conexão com { x-host } foi cortada no meio da resposta
   *[known] A conexão com { x-host } foi cortada no meio da resposta, depois de { $size }
}
connection-side = O mais provável é que a rede, ou algo no caminho, como um proxy, uma VPN ou um firewall, tenha encerrado a conexão; o próprio servidor também pode ter feito isso. Nada indica que a requisição estivesse errada.
step-same-time = Se sempre para mais ou menos depois do mesmo tempo, algo no caminho limita a duração das respostas: peça uma resposta mais curta, ou peça a quem administra o proxy ou o firewall que aumente esse limite.
step-find-cause = Se continuar acontecendo, tente outra rede, ou desligue a VPN ou o proxy por um momento, para descobrir qual deles é a causa.
local-side = O endereço do servidor fica neste mesmo computador. O mais provável é que o servidor tenha parado, ficado sem memória ou esteja sendo reiniciado. Se ele apenas repassa as requisições, como um túnel ou um gateway, a causa pode estar atrás dele. Nada indica que a requisição estivesse errada.
step-local-log = Se continuar acontecendo, veja se o servidor ainda está funcionando e consulte o registro dele.
step-local-proxy = Se houver um proxy configurado neste computador, cuide para que ele não seja usado para os endereços do próprio computador.

stream_truncated-title = A resposta está incompleta
stream_truncated = { $size ->
    [unknown] A resposta { x-de } terminou antes de estar completa
   *[known] A resposta { x-de } terminou depois de { $size }, antes de estar completa
}
stream_truncated-side = O mais provável é que a rede, algo no caminho, como um proxy, ou o servidor tenha encerrado a resposta cedo demais. Nada indica que a requisição estivesse errada.
step-not-whole = Não use o que chegou como se fosse a resposta inteira.
step-same-place = Se ela sempre termina mais ou menos no mesmo ponto, peça uma resposta mais curta ou avise quem administra o servidor.

connection_refused-title = Ninguém responde nesse endereço
connection_refused = { x-host-first } não aceita conexões neste endereço
connection_refused-side = A causa está no servidor ou no endereço: o servidor não está funcionando, está sendo reiniciado ou atende em outra porta. A rede em si funciona.
step-address-and-port = Verifique se o endereço e o número da porta estão corretos.
step-start-server = Se o servidor é seu, veja se ele está funcionando e, se não estiver, inicie-o.

unreachable-title = Não é possível chegar ao servidor
unreachable = Este computador não encontrou um caminho para chegar { x-a }
unreachable-side = O mais provável é que a causa seja a rede deste lado: a conexão com a internet, uma VPN ou um firewall.
step-online = Verifique se este computador está conectado, por exemplo abrindo uma página da web.
step-inside-or-outside = Se o servidor fica dentro da rede de uma empresa, conecte-se à VPN dela; se uma VPN está ligada e o servidor não fica lá, tente sem ela.

dns-title = O nome do servidor não foi encontrado
dns = Não foi possível descobrir o endereço de rede { x-de }
dns-side = Ou o nome não está certo, ou o serviço de nomes da rede deste lado não está funcionando no momento.
step-spelling = Verifique nas suas configurações se o nome do servidor está escrito corretamente.
step-inside = Se o nome só existe dentro da rede de uma empresa, conecte-se à VPN dela.

proxy-title = O proxy não repassou a requisição
proxy = O proxy no caminho até { x-host } não deixou a requisição passar
proxy-side = A causa é o proxy, que repassa as requisições deste computador para a internet, ou as configurações dele aqui. O servidor provavelmente nem viu a requisição.
step-proxy-settings = Verifique as configurações de proxy deste programa: endereço, nome de usuário e senha.
step-without-proxy = Se esta rede pode ser usada sem proxy, tente sem ele.
step-allow-server = Caso contrário, peça a quem administra o proxy que permita conexões com este servidor.
step-no-proxy = Se você não usa proxy, verifique o endereço: um servidor sem criptografia precisa de http:// em vez de https:// e, muitas vezes, de outro número de porta.

captive_portal-title = Veio uma página da web em vez da resposta
captive_portal = Em vez da resposta { x-de }, veio uma página da web, provavelmente a página de acesso desta rede
captive_portal-side = O mais provável é que a causa seja a rede que este computador está usando, como em hotéis, trens e alguns escritórios; ou que o endereço nas suas configurações seja o de um site, e não o do próprio serviço.
step-sign-in = Abra qualquer página da web em um navegador e entre na rede ou aceite os termos dela.
step-then-again = Depois, tente de novo.
step-no-such-page = Se nenhuma página desse tipo aparecer, verifique o endereço do servidor nas suas configurações e tente outra rede, por exemplo a internet compartilhada de um celular.

## Conexões seguras

tls_untrusted-title = O certificado do servidor não é confiável
tls_untrusted = { x-host-first } apresentou um certificado em que este computador não confia, por isso nada foi enviado
tls_untrusted-side = A causa costuma ser a rede de uma empresa ou um programa de segurança deste lado, que abre as conexões seguras para inspecioná-las e coloca o próprio certificado no lugar do verdadeiro. Às vezes é o servidor, se usa um certificado feito por conta própria.
step-root-certificate = Na rede de uma empresa, peça ao departamento de TI o certificado raiz e acrescente-o àqueles em que este programa confia.
step-hotspot = Tente uma vez de outra rede, por exemplo a internet compartilhada de um celular: se lá funcionar, a primeira rede inspeciona as conexões.
step-public-certificate = Se o servidor é seu, dê a ele um certificado de uma autoridade pública, ou acrescente o dele àqueles em que este programa confia.
step-keep-checks = Deixe a verificação de certificados ligada: sem ela, qualquer um no caminho poderia ler o que é enviado.

tls_expired-title = O certificado do servidor não é válido hoje
tls_expired = O certificado { x-de } venceu ou ainda não é válido, por isso nada foi enviado
tls_expired-side = A causa está no servidor, a não ser que o relógio deste computador esteja errado.
step-clock = Verifique se a data e a hora deste computador estão certas e, se não estiverem, corrija-as.
step-renew = Se estiverem, avise quem administra o servidor; só quem o administra pode renovar o certificado.

tls_name-title = O certificado pertence a outro nome
tls_name = { x-host-first } apresentou um certificado emitido para outro nome, por isso nada foi enviado
tls_name-side = Ou o endereço não está bem certo, ou a conexão foi parar em outra máquina, ou o servidor está mal configurado.
step-without-vpn = Tente uma vez sem VPN nem proxy, ou de outra rede.
step-name-right = Se o nome estiver certo, avise quem administra o servidor.

tls_other-title = Sem conexão segura
tls_other = Não foi possível estabelecer uma conexão segura com { x-host }
tls_other-side = Os dois lados não chegaram a um acordo sobre como proteger a conexão. Isso pode vir do servidor, de um proxy no caminho ou do endereço.
step-http-or-https = Verifique o endereço: um servidor sem criptografia precisa de http:// em vez de https:// e, muitas vezes, de outro número de porta.
step-old-encryption = Atualize este programa; criptografia muito antiga não é mais aceita.
step-nothing-changed = Se nada disso mudar a situação, avise quem administra o servidor.

## O que demora demais

timeout_connect-title = Não foi possível chegar ao servidor a tempo
timeout_connect = Não foi possível estabelecer { x-in-time } uma conexão com { x-host }
timeout_connect-side = O mais provável é que a causa seja a rede no caminho, ou um firewall que descarta conexões sem avisar; o servidor também pode estar fora do ar.
step-only-this-server = Se só este servidor não responde, verifique o endereço dele e se uma VPN é necessária ou está atrapalhando.

timeout_head-title = O servidor demorou demais para responder
timeout_head = { x-host-first } não começou a responder { x-in-time }
timeout_first_event-title = A resposta não começou a tempo
timeout_first_event = { x-host-first } aceitou a requisição, mas nada da resposta chegou { x-in-time }
slow-side = O mais provável é que o servidor esteja ocupado, ou que precise de mais tempo para esta requisição do que recebeu.
step-smaller-or-longer = Se isso só acontece com requisições grandes, reduza a requisição ou dê mais tempo a ela nas suas configurações.

timeout_idle-title = A resposta parou de chegar
timeout_idle = { $limit ->
    [unknown] A resposta começou, mas depois nada mais chegou { x-de } por tempo demais
   *[known] A resposta começou, mas depois nada mais chegou { x-de } por { $limit }
}
timeout_idle-answering = { $limit ->
    [unknown] Depois de { $size } da resposta, nada mais chegou { x-de } por tempo demais
   *[known] Depois de { $size } da resposta, nada mais chegou { x-de } por { $limit }
}
timeout_idle-side = Ou o servidor travou, ou a conexão se perdeu no caminho sem que nenhum dos lados percebesse.
step-longer-silence = Se o servidor é conhecido por pensar muito antes de continuar, permita silêncios mais longos nas suas configurações.
step-other-network = Se continuar acontecendo, tente outra rede, ou sem VPN nem proxy.

timeout_rate-title = A resposta chegava devagar demais
timeout_rate = { $size ->
    [unknown] A resposta começou, mas chegava { x-de } devagar demais para continuar esperando
   *[known] Depois de { $size } da resposta, o restante chegava { x-de } devagar demais para continuar esperando
}
timeout_rate-side = Ou o servidor está ocupado, ou a conexão entre os dois lados é lenta. Não há nada de errado com a requisição.
step-allow-slow = Se a sua conexão é lenta, permita respostas mais lentas nas suas configurações.

timeout_total-title = A chamada demorou mais do que o permitido
timeout_total = { $limit ->
    [unknown] A chamada { x-a } não terminou no tempo permitido para ela
   *[known] A chamada { x-a } não terminou em { $limit }
}
timeout_total-answering = { $limit ->
    [unknown] A chamada { x-a } não terminou no tempo permitido para ela; { $size } da resposta haviam chegado
   *[known] A chamada { x-a } não terminou em { $limit }; { $size } da resposta haviam chegado
}
timeout_total-side = O limite foi definido deste lado. O servidor talvez ainda estivesse trabalhando na requisição.
timeout_total-unsent-side = O limite foi definido deste lado. O servidor ainda não tinha começado a trabalhar na requisição.
step-more-time = Dê mais tempo à chamada nas suas configurações, ou peça menos de uma vez.
step-check-effect = Se a requisição altera alguma coisa (um pagamento, uma mensagem, um arquivo), verifique se isso já aconteceu antes de enviá-la de novo.

rate_limited-title = Requisições demais no momento
rate_limited = { x-host-first } recebe requisições demais desta conta ou deste computador e recusou esta
rate_limited-side = A causa está deste lado: envia-se mais do que o servidor permite. A requisição em si está correta.
step-send-less = Envie menos requisições ao mesmo tempo, ou requisições menores.
step-higher-limit = Se isso acontece com frequência, peça a quem administra o servidor um limite maior.

quota_exhausted-title = A cota se esgotou
quota_exhausted = A cota da sua conta { x-em } se esgotou
quota_exhausted-side = É uma questão da conta deste lado. A requisição em si está correta, e não há nenhuma falha.
step-usage-page = Consulte a página de uso e cobrança da conta.
step-add-credit = Acrescente crédito ou aumente o limite lá, ou espere a cota ser renovada.
step-other-account = Até lá, use outra conta ou outro serviço; repetir não vai adiantar.

budget_exhausted-title = Chamadas demais estão falhando
budget_exhausted = A chamada { x-a } falhou e não foi repetida, porque chamadas demais estão falhando no momento
budget_exhausted-side = É este lado que se contém, para não piorar a situação; a causa das falhas está na rede ou no servidor.
step-wait-minutes = Espere alguns minutos e tente de novo.
step-connection-and-status = Se continuar, verifique a conexão com a internet e a página de status do servidor.

## No servidor

overloaded-title = O servidor está sobrecarregado
overloaded = { x-host-first } tem no momento mais trabalho do que consegue atender
overloaded-side = A causa está no servidor. Não há nada de errado com a requisição.
step-status-page = Se demorar muito, consulte a página de status do servidor.

server_error-title = O servidor falhou
server_error = { x-host-first } teve um problema interno
server_error-side = A causa está no servidor. O mais provável é que não haja nada de errado com a requisição.
step-change-request = Se a mesma requisição falha sempre enquanto outras funcionam, altere-a um pouco e avise quem administra o servidor.
step-everything-fails = Se tudo falha, consulte a página de status do servidor.

bad_gateway-title = O servidor por trás do gateway não respondeu
bad_gateway = Um gateway na frente { x-de } não recebeu resposta do servidor por trás dele
bad_gateway-side = A causa está do outro lado: no servidor, ou no gateway que repassa as requisições a ele. Não há nada de errado com a requisição.

protocol-title = A resposta não faz sentido
protocol = O que voltou { x-de } não é uma resposta web válida
protocol-side = A causa está no servidor ou no endereço: talvez o que responde lá não seja um servidor web.
step-whole-address = Verifique o endereço: http:// ou https://, o nome do servidor e o número da porta.
step-address-right = Se o endereço estiver certo, avise quem administra o servidor.
protocol-passing-title = A conexão não funcionou direito
protocol-passing = A conexão com { x-host } se desfez, porque algo deu errado na comunicação entre os dois lados
protocol-passing-side = O mais provável é uma falha passageira do servidor, ou de algo no caminho, como um proxy ou uma VPN. Nada indica que a requisição estivesse errada.

decode-title = A resposta chegou danificada
decode = { $size ->
    [unknown] A resposta { x-de } estava danificada e não pôde ser lida
   *[known] A resposta { x-de } estava danificada e não pôde ser lida além de { $size }
}
decode-side = A causa está no servidor, ou em algo no caminho que altera as respostas.
step-every-time = Se acontecer sempre, tente sem VPN nem proxy e avise quem administra o servidor.

representation_changed-title = O conteúdo mudou nesse meio-tempo
representation_changed = { $size ->
    [unknown] O conteúdo { x-em } foi substituído por outra versão enquanto era baixado
   *[known] Depois de chegarem { $size } { x-de }, o conteúdo foi substituído por outra versão
}
representation_changed-side = Não é culpa de ninguém: agora há uma versão mais nova no servidor.
step-throw-away = Descarte a parte que chegou; ela não pertence à nova versão.
step-fetch-again = Baixe de novo desde o início.

## A requisição e quem a envia

auth-title = A identificação não foi aceita
auth = { x-host-first } não recebeu nenhuma chave ou senha válida
auth-side = A causa está deste lado: a chave, a senha, o token ou o certificado nas suas configurações.
step-check-key = Verifique se há uma chave definida, se ela está completa e sem espaços, e se pertence a este servidor.
step-new-key = Se ela pode ter vencido ou sido revogada, entre de novo ou crie uma nova.
step-until-then = Depois, tente de novo; até lá, repetir não vai adiantar.

permission-title = Não permitido
permission = { x-host-first } não permite isso à conta que pediu
permission-side = A causa está deste lado: a conta, ou o que ela pode fazer.
step-right-account = Verifique se você está usando a conta, a organização ou o projeto certo.
step-ask-to-allow = Peça permissão a quem administra a conta.
step-closed-countries = Alguns serviços são fechados para certos países ou redes: verifique isso também.

not_found-title = Não encontrado
not_found = { x-host-first } não tem o que foi pedido
not_found-side = A causa está deste lado: o mais provável é que seja o endereço, ou um nome na requisição.
step-check-names = Verifique o endereço nas suas configurações e cada nome na requisição, como o de um modelo ou de um arquivo.
step-moved = Talvez tenha sido movido ou removido: procure nas páginas do próprio servidor.

bad_request-title = A requisição não foi aceita
bad_request = { x-host-first } não aceitou a requisição do jeito que está
bad_request-side = A causa está deste lado: a requisição, ou o programa que a fez.
step-undo = Desfaça a última alteração que você fez na requisição ou nas configurações e tente de novo.
step-update = Atualize o programa; talvez ele não corresponda mais ao que o servidor espera.
step-report = Se isso não ajudar, informe os criadores do programa.
bad_request-unsent-title = Não foi possível enviar a requisição
bad_request-unsent = A requisição para { x-host } não foi enviada, porque algo nela não é válido
step-address-and-key = Verifique o endereço e a chave nas suas configurações: o endereço começa com http:// ou https://, e nenhum dos dois tem espaços ou quebras de linha.

context_length-title = A entrada é longa demais
context_length = A entrada é mais longa do que o modelo { x-em } consegue receber
context_length-side = A causa está deste lado: o tamanho da conversa e do que está anexado a ela.
step-new-conversation = Comece uma nova conversa, ou deixe o programa encurtar a atual.
step-smaller-files = Anexe menos arquivos, ou arquivos menores.
step-other-model = Ou use um modelo que receba entradas mais longas.

content_filtered-title = Recusado por um filtro de conteúdo
content_filtered = Um filtro de conteúdo { x-de } recusou a requisição ou a resposta a ela
content_filtered-side = Quem decide são as regras do servidor. Filtros podem errar: não precisa ser culpa sua.
step-other-words = Diga com outras palavras, ou retire a parte que pode ter acionado o filtro.
step-wrong-refusal = Se a recusa está claramente errada, avise quem administra o servidor.

payload_too_large-title = A requisição é grande demais
payload_too_large = A requisição é maior do que { x-host } aceita
payload_too_large-side = A causa está deste lado: o tamanho do que é enviado.
step-less-at-once = Envie menos de uma vez: menos arquivos ou arquivos menores, ou várias requisições menores.
step-raise-size = Se o servidor é seu, ou há um proxy na frente dele, aumente o tamanho que ele permite.

cancelled-title = A chamada foi cancelada
cancelled = A chamada { x-a } foi encerrada deste lado antes de terminar
cancelled-side = Ela foi encerrada deste lado, por você ou pelo programa. Não houve nenhuma falha.
step-on-purpose = Se você a encerrou de propósito, não há nada a fazer.
step-start-again = Se não, comece de novo. Se a requisição altera alguma coisa (um pagamento, uma mensagem, um arquivo), verifique antes se isso já aconteceu.

unknown-title = A chamada falhou
unknown = A chamada { x-a } falhou, e não está claro por quê
unknown-side = Não está claro de que lado está a causa.
step-once-more = Tente mais uma vez. Se a requisição altera alguma coisa (um pagamento, uma mensagem, um arquivo), verifique antes se isso já aconteceu.
step-look-at-log = Se continuar falhando, consulte o log do programa, que contém os detalhes.
