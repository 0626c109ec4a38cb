desk-signature = Редакция
desk-colleague = коллега
desk-label-ru = Мнение редакции
desk-label-en = Editor’s opinion
carrier-first = Выйдет: «{ $title }»
carrier-people = Срок:
carrier-past = Срок прошёл: мнение добавится в посты, если новость уже вышла.
carrier-posted = { $count ->
    [one] Уже вышла в { $count } канале: мнение добавится в пост.
   *[other] Уже вышла в { $count } каналах: мнение добавится в посты.
}
carrier-stands = Вышла в { $count } { $count ->
    [one] канале.
   *[other] каналах.
}
carrier-none = Ни один канал её сейчас не ждёт.
carrier-unnamed = канал
carriers-more = { $count ->
    [one] и ещё в { $count } канале
   *[other] и ещё в { $count } каналах
}
card-number = Номер для команд: { $number }
card-free = Свободна. Возьмите её или сразу ответьте на это сообщение текстом мнения.
card-mine = Она ваша до { $clock }. Ответьте на это сообщение текстом мнения.
card-taken = Пишет { $name }, до { $clock }.
card-published = Мнение опубликовано. Чтобы изменить, ответьте новым текстом.
card-withdrawn = Мнение снято.
card-declined = Решено обойтись без нашего мнения.
draft-extracted = Черновик: из статьи
draft-model = Черновик: ИИ, проверьте факты
draft-written = Черновик
button-desk-take = Взять
button-desk-change = Изменить
button-desk-give = Отдать
button-desk-ok = Утвердить черновик
button-desk-facts = Факты проверены
button-desk-other = Другой вариант
button-desk-none = Без мнения
button-desk-later = Позже
button-desk-put = Опубликовать
button-desk-edit = Править
button-desk-drop = Отменить
button-desk-off = Снять мнение
button-desk-history = История
button-desk-sure = Да, снять
desk-yours = Десять минут она ваша. Напишите, что вы думаете, или ответьте на карточку.
desk-given = Отдано
desk-later = Отложено. Всё, что ждёт мнения, — в /queue
desk-declined = Выйдет без нашего мнения
desk-busy = Сейчас это делает { $name }
desk-published-already = Мнение уже опубликовано. Его можно снять.
desk-no-draft = Черновика здесь больше нет. Ответьте на карточку текстом.
desk-no-other = Других вариантов нет
desk-nothing-stands = Мнения под этой новостью нет
desk-history = «{ $headline }»: история мнения
desk-history-published = { $name }: опубликовано
desk-history-withdrawn = { $name }: снято
desk-how-to-edit = Исправьте своё сообщение или ответьте на карточку заново: покажу, как получится.
desk-dropped = Черновик выброшен. Новость свободна.
desk-changed-meanwhile = Пока вы решали, мнение изменилось. Посмотрите ещё раз.
desk-withdraw-question = Снять это мнение? Оно исчезнет из всех постов, какие можно править.
desk-conflict-own = С тех пор вы уже опубликовали другое мнение. Заменить его этим?
desk-draft-newer = Это прежний черновик. Вот последний — публикуйте его.
desk-conflict = Пока вы писали, мнение изменил кто-то ещё. Опубликовать ваше?
desk-withdrawn = { $count ->
    [one] Снято. Правлю { $count } пост
    [few] Снято. Правлю { $count } поста
   *[many] Снято. Правлю { $count } постов
}
desk-approved = { $count ->
    [one] Опубликовано. Правлю { $count } пост
    [few] Опубликовано. Правлю { $count } поста
   *[many] Опубликовано. Правлю { $count } постов
}
desk-withdrawn-unseen = Снято
desk-approved-unseen = Опубликовано. Постов с этой новостью сейчас нет: мнение увидят те, кто её откроет
desk-approved-ahead = Опубликовано: выйдет вместе с новостью
desk-preview = Так увидят читатели:
desk-formatting-lost = Так увидят читатели (жирный шрифт и ссылки в мнении не остаются):
desk-text-only = Мнение — только текст, до 350 знаков. Ответьте на карточку словами.
desk-mend = Так пока нельзя:
desk-mend-how = Исправьте своё сообщение или ответьте заново.
desk-mend-cut = Можно так, получится { $length ->
    [one] { $length } знак
    [few] { $length } знака
   *[many] { $length } знаков
}:
desk-claim-over = Время вышло, новость снова свободна: «{ $headline }». Черновик, если был, сохранён.
flaw-short = • коротко: { $length }, нужно хотя бы { $least } знаков
flaw-long = • длинно: { NUMBER($length) } из { $most } знаков
flaw-sentences = • предложений { $count }, а помещается { $most }
flaw-link = • ссылка: { $text }
flaw-mention = • имя пользователя: { $text }
flaw-hashtag = • хештег: { $text }
flaw-copy = • повторяет саму новость: скажите, что вы о ней думаете
flaw-stopword = • запрещённое слово: { $text }
queue-title = Ждут мнения: { $count ->
    [one] { $count } новость
    [few] { $count } новости
   *[many] { $count } новостей
}
queue-empty = Пусто: мнения никто не ждёт.
queue-empty-until = Пусто. Следующий выпуск — { $when }.
queue-mine = ваша
queue-taken = пишет { $name }
queue-draft = есть черновик
button-queue-all = Все
button-queue-soon = Срочно
button-queue-mine = Мои
button-queue-bare = Без черновика
opinion-usage = Пришлите адрес статьи или номер новости: /opinion 4F
opinion-not-found = За месяц такой новости не нашлось: «{ $text }». Пришлите адрес статьи, номер или другие слова.
opinion-found = Какая из них?
breaking-usage = Пришлите номер или адрес новости: /breaking 4F
breaking-question = Уйдёт сейчас: { $whom }.
breaking-people = { $count ->
    [one] { $count } подписчику
   *[other] { $count } подписчикам
}
breaking-channels = { $count ->
    [one] { $count } каналу
   *[other] { $count } каналам
}
breaking-nobody = Срочных новостей сейчас никто не ждёт, отправлять некому: её прочтут в выпусках. Читатели включают срочное в /time кнопкой «Срочное», каналам она приходит, если в «Когда» выбрано «По одной новости сразу» или «И сразу, и выпуски».
breaking-all-have = У всех, кто ждёт срочных новостей, эта уже есть: отправлять некому.
breaking-reached = «{ $headline }»: ушло { $whom }.
breaking-none = никому
breaking-later = Ещё ждут конца тихих часов или согласования: { $count }.
breaking-going = Уйдёт в { $clock }, до этого можно передумать.
breaking-already = Она уже отмечена как срочная
breaking-enough = Сегодня срочных уже { $most }: больше за день — только с согласия оператора.
breaking-gone = Уже ушла
breaking-undone = Отменено: никуда не ушло.
button-breaking-send = Отправить
amend-correct-usage = Напишите номер или адрес новости и как правильно: /correct 4F Ставка — 10%, а не 20%.
amend-correct-done = Пометка поставлена. Читатели увидят:
amend-retract-usage = Напишите номер или адрес новости и почему она отзывается: /retract 4F Завод опроверг сделку.
amend-retract-done = Новость отозвана. На её месте читатели увидят:
note-too-long = Уместите до { $most } знаков, сейчас { $length }.
amend-copies = { $count ->
    [one] Правлю { $count } сообщение.
    [few] Правлю { $count } сообщения.
   *[many] Правлю { $count } сообщений.
}
amend-nowhere = В сообщениях её нет, править нечего.
amend-restored = «{ $headline }»: пометка снята.
button-amend-restore = Снять пометку
button-breaking-over = Всё равно отправить
report-title = «{ $headline }»
report-edited = Обновлено: { $what }
report-withdrawn = Мнение снято: { $what }
report-channels = { $count ->
    [one] { $count } канал
    [few] { $count } канала
   *[many] { $count } каналов
}
report-people = { $count ->
    [one] { $count } личка
    [few] { $count } лички
   *[many] { $count } личек
}
report-none = Ничего не обновлено
report-gone = удалены в чате: { $count }
report-closed = чат закрыт для нас: { $count }
report-old = лички старше суток: { $count }
report-refused = Telegram не принял правку: { $count }
staff-title = За редакторским столом
staff-none = Пока никого.
staff-editor = редактор, { $number }
staff-operator = оператор, { $number }
staff-invitation = Перешлите эту ссылку тому, кого зовёте. Она сработает один раз и в течение суток.
staff-invitation-over = Приглашение уже использовано или устарело. Попросите новое.
staff-already = Вы уже за столом. Что ждёт мнения — /queue
staff-welcome = Вы — редактор. Я буду присылать новости, которым нужно мнение: ответьте на карточку текстом, и я покажу, как получится. Всё, что ждёт, — /queue
staff-dismiss-question = Убрать из редакторов: { $name }? Опубликованные мнения останутся.
staff-dismissed = Больше не редактор
sign-question = Как подписывать ваши мнения?
sign-now = Ваша подпись: { $signature }. Другая: /sign Анна Петрова (до { $most } знаков).
sign-wrong = Подпись — до { $most } знаков, без ссылок, @ и хештегов.
sign-done = Подпись: { $signature }. Изменить — /sign
button-sign-name = По имени: { $name }
button-sign-desk = Редакция
button-staff-invite = Пригласить редактора
button-staff-ask = Убрать { $number }
button-staff-dismiss = Убрать
command-queue = Что ждёт мнения
command-opinion = Мнение к новости: номер или адрес
command-breaking = Срочная новость: номер или адрес
command-correct = Исправить новость: номер и как правильно
command-retract = Отозвать новость: номер и почему
week-title = Ваша неделя за столом
week-written = Мнений: { $count }
week-pace = Обычно за { $span } после запроса
week-best = Больше всего 👍, { $count }:
