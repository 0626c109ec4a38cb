channels-list = Ваши каналы и группы. Нажмите, чтобы настроить.
channels-none = Пока ни одного. Я выпускаю в каналах и группах дайджесты или отдельные новости по темам, которые вы выберете. Каналу я нужен администратором с одним правом — публиковать сообщения.
channels-sample = Вот так выглядит пост:
channel-listed = { $title } — { $state }
channel-listed-posts = { $title } — { $state }, сегодня { $count ->
    [one] { $count } пост
    [few] { $count } поста
   *[many] { $count } постов
}
channel-heading = «{ $title }» — { $state }
channel-state-works = работает
channel-state-silent = ничего не выходит
channel-state-paused = на паузе
channel-state-until = на паузе, { $when } снова работает
channel-state-setup = ещё настраивается
channel-state-lost = остановлен, нет доступа
channel-state-gone = остановлен, Telegram его не находит
channel-facts =
    Темы: { $topics }
    Выходит: { $when }
    Часы: { $city }, сейчас { $clock }; { $quiet }
    Вид: { $density }; { $picture }
    Мнения: { $opinions }
    Подпись: { $signature }
    Посты: { $hashtags }, { $sound }
    Постов в день: { $cap }; важность: { $least }
    Согласование: { $approval }; { $report }
channel-added = Меня добавили в «{ $title }». Настроим? Это пять коротких шагов, и без последнего там ничего не выйдет.
channel-known = Я снова в «{ $title }», все настройки на месте. Ничего не выйдет, пока вы не возобновите выпуски.
channel-joined = «{ $title }» уже настроен другими администраторами. Теперь настраивать его можете и вы.
channel-no-right = Не могу писать в «{ $title }»: в правах администратора выключена «Публикация сообщений». Настройки сохранены; включите право — и выпуски продолжатся.
channel-mute = Меня добавили в «{ $title }», но писать там я не могу: в правах администратора выключена «Публикация сообщений». Включите её — и настроим.
channel-lost = Меня больше нет в «{ $title }», поэтому выпуски там остановлены. Настройки сохранены: верните меня — и они продолжатся.
channel-deleted = Telegram больше не находит «{ $title }»: похоже, его удалили. Выпуски остановлены, настройки сохранены.
channel-gone = Меня нет в «{ $title }», и Telegram не говорит мне, кто им управляет. Верните меня — и всё продолжится, как было настроено.
channel-unlinked = «{ $title }» отвязан: там ничего не выходит, настройки сохранены. Подключить снова?
channel-returned = Доступ к «{ $title }» вернулся, всё снова выходит, как настроено.
channel-unasked = Telegram сейчас не отвечает, ваше право проверить не у кого. Попробуйте ещё раз через минуту.
channel-crowd = В «{ $title }» больше 10 000 подписчиков: { $count }. По закону № 303-ФЗ такой канал в России нужно внести в перечень Роскомнадзора, иначе в нём нельзя размещать рекламу, а другим — делать из него репосты. Заявление подают на Госуслугах: https://www.gosuslugi.ru. Это просто напоминание, на мою работу оно не влияет.
channel-test-sent = Проба отправляется в «{ $title }»
button-relink = Подключить снова
button-unlist = Убрать из моего списка
button-to-channel = ‹ К настройкам
button-when = Когда
button-hours = Тихие часы
button-issue-times = Время выпусков
button-density = Вид
button-opinions = Мнения
button-picture = Картинка
button-signature = Подпись
button-hashtags = Хэштеги
button-sound = Звук
button-cap = Постов в день
button-least = Важность
button-approval = Согласование
button-queue = Очередь
button-preview = Предпросмотр
button-trial = Пробный пост
button-threads = Темы форума
button-log = Кто что менял
button-unlink = Отвязать
button-later = Закончить потом
button-all-settings = Все настройки
button-choose-topics = Выбрать темы
button-launch = Запустить
button-change-look = Поменять вид
button-trial-drop = Удалить пробу
button-unlink-yes = Отвязать
button-leave = Пусть бот выйдет
button-by-link = Добавить по ссылке
button-pick-channel = Выбрать канал
button-pick-joined = Канал, где я уже есть
button-pick-group = Выбрать группу
button-setup-private = Настроить в личке
button-unsign = Убрать подпись
button-refresh = Обновить
button-publish = Опубликовать
button-approval-edit = Убрать новость
button-approval-no = Не публиковать
button-approval-out = Убрать { $number }
button-queue-up = { $number } ↑
button-queue-out = Убрать { $number }
button-queue-now = { $number } сейчас
button-thread-make = Создать тему в группе
button-thread-drop = Больше не отправлять
pick-channel = Внизу появилась кнопка «Выбрать канал»: Telegram покажет каналы, где вы можете добавлять администраторов, и даст мне одно право — публиковать сообщения. «Канал, где я уже есть» — для тех, кто там публикует, но администраторов не добавляет. Если кнопки нет (так бывает в браузере и старых приложениях), добавьте меня по ссылке.
pick-group = Внизу появилась кнопка «Выбрать группу»: Telegram покажет группы, где вы администратор, и добавит меня туда. Если кнопки нет (так бывает в браузере и старых приложениях), добавьте меня по ссылке.
pick-channel-below = Выберите канал ↓
pick-group-below = Выберите группу ↓
pick-cancelled = Хорошо, ничего не добавляю.
pick-done = «{ $title }» выбран.
pick-not-in = В «{ $title }» меня не добавили или не дали права писать. Добавьте по ссылке — и продолжим.
group-setup = Настройки группы — в личной переписке: там видно, что это именно вы. Ссылка действует час и один раз.
group-setup-thread = Какие новости присылать в эту тему, выберите в личной переписке. Ссылка действует час и один раз.
setup-link-used = Эта ссылка уже использована, устарела или предназначена другому. Напишите /setup в группе ещё раз.
wizard-heading = «{ $title }»: шаг { $step } из 5
wizard-topics = О чём писать? Если ничего не выбрать, будет всё главное.
wizard-trial = Посмотрите, как это выглядит. Пробный пост уйдёт без звука и с пометкой «Проба», его можно тут же удалить. Или сразу запускайте.
wizard-works = Готово: «{ $title }» запущен.
wizard-first = Первый выпуск — { $when }.
wizard-first-at-once = Первый пост выйдет, как только появится новость по вашим темам.
wizard-first-both = Первая новость выйдет, как только появится; первый выпуск — { $when }.
wizard-launched = Запущено
rhythm-now = По одной новости сразу
rhythm-issues = Выпуски в 9, 13 и 19
rhythm-issues-own = Выпусками
rhythm-both = И сразу, и выпуски
rhythm-at-once = новости по одной сразу
rhythm-off = никогда
ask-when-title = «{ $title }»: когда писать
ask-when = Когда писать: о каждой новости сразу, выпусками несколько раз в день или и так и так?
ask-when-now = Сейчас: { $when }.
ask-density-title = «{ $title }»: вид
ask-density = Как показывать новости?
ask-opinions-title = «{ $title }»: мнения
ask-opinions = Показывать ли мнения? Утверждённые — те, что написали или проверили наши редакторы.
ask-picture-title = «{ $title }»: картинка
ask-picture = Что показывать с отдельной новостью? Картинка — из самой статьи; крупная стоит над текстом.
ask-cap-title = «{ $title }»: постов в день
ask-cap = Сколько постов в день самое большее? Что не поместилось, войдёт в следующий выпуск.
ask-least-title = «{ $title }»: важность
ask-least = О новостях какой важности писать сразу? Важность от 0 до 100 складывается из числа источников и свежести.
ask-approval-title = «{ $title }»: согласование
ask-approval = Показывать ли каждый пост администраторам до публикации? Черновик придёт каждому в личку. Если никто не ответит вовремя, пост выйдет сам.
choice-density-brief = Коротко, одни заголовки
choice-density-digest = Дайджест
choice-density-cards = Карточками
choice-opinions-all = Все мнения
choice-opinions-approved = Только утверждённые
choice-opinions-none = Без мнений
choice-picture-preview = Превью ссылки
choice-picture-photo = Крупная картинка
choice-picture-none = Без картинки
choice-hashtags-yes = Хэштеги под отдельными новостями
choice-hashtags-no = Без хэштегов
choice-sound-yes = Звук включён
choice-sound-no = Звук выключен
choice-cap-off = Без лимита
choice-cap-number = До { $count }
choice-least-0 = Любая
choice-least-number = От { $count }
choice-approval-off = Выключено
choice-approval-never = Ждать ответа всегда
span-minutes = { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
   *[many] { $count } минут
}
span-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
set-density = Вид: { $to }
set-opinions = Мнения: { $to }
set-picture = Картинка: { $to }
set-hashtags = { $to }
set-sound = { $to }
set-cap = Постов в день: { $to }
set-least = Важность: { $to }
set-approval = Согласование: { $to }
quiet-none = тихих часов нет
quiet-hours = тихо с { $start } до { $end }
signature-none = нет
signature-ask = Пришлите подпись, до { $most } знаков: она будет стоять под каждым постом. Канал —
signature-now = Сейчас: { $text }
signature-hint = Например: Автоновости каждый день
signature-or-none = Или без подписи:
signature-set = Подпись сохранена: { $text }
signature-too-long = Вышло { $count } { $count ->
    [one] знак
    [few] знака
   *[many] знаков
}, а помещается { $most }. Например, так: { $text }
preview-nothing = В темах канала пока тихо: за три дня ни одной новости.
preview-done = Так выглядел бы пост в «{ $title }» прямо сейчас.
preview-length = { NUMBER($count) } из { NUMBER($most) } знаков
preview-longest = { $messages ->
    [one] { $messages } сообщение
    [few] { $messages } сообщения
   *[many] { $messages } сообщений
}, в самом длинном { NUMBER($count) } из { NUMBER($most) } знаков
trial-heading = Проба: пост не для читателей
trial-posted = Проба в «{ $title }». Посмотрите на неё там — и решайте.
trial-deleted = Проба из «{ $title }» удалена.
trial-gone = Удалено
trial-not-there-yet = Проба ещё в пути. Нажмите через пару секунд.
trial-not-deleted = Telegram не дал удалить пробу. Удалите её вручную.
unlink-question = Отвязать «{ $title }»? Там больше ничего не выйдет. Опубликованное останется, настройки тоже: подключить снова можно в любой момент.
unlink-not-yours = Отвязать может владелец или тот, кто подключил. Остановить можете и вы: кнопка «Пауза».
unlinked = «{ $title }» отвязан, там больше ничего не выйдет. Мне выйти оттуда?
unlinked-by = Отвязано: «{ $title }» ({ $name }). Там больше ничего не выйдет.
left = Я вышел из «{ $title }». Опубликованное осталось.
queue-heading = «{ $title }»: очередь
queue-line = { $number }. { $when }: { $what }
queue-issue = { $number }. { $when }: выпуск, соберётся к этому времени
queue-when-soon = уходит сейчас
queue-when-asked = ждёт согласования
queue-when-asked-until = ждёт согласования, { $when } выйдет сам
queue-and-more = { $title } и ещё { $count }
queue-nothing = Пусто: ничего не ждёт и ничего не назначено.
queue-cap = Сегодня { $count ->
    [one] { $count } пост
    [few] { $count } поста
   *[many] { $count } постов
}, предел — { $most }.
queue-cap-reached = Сегодня уже { $count ->
    [one] { $count } пост
    [few] { $count } поста
   *[many] { $count } постов
} из { $most }: остальные новости войдут в следующий выпуск.
queue-up = Выше
queue-first = Он и так первый
queue-out = Убрано
queue-now = Отправляю
queue-nothing-new = Нового для канала пока нет: всё подходящее уже вышло.
queue-now-asked = Выпуск собран и ушёл на согласование администраторам
queue-before-launch = Канал ещё не запущен: ничего не выйдет, пока вы не нажмёте «Запустить» в настройках.
queue-posted = Этот пост уже опубликован или убран
approval-heading = «{ $title }»: на согласование. { $told }
approval-until = Выйдет само в { $clock }, если никто не ответит.
approval-open = Ждёт вашего слова.
approval-gone = Больше не ждёт: этот пост убрали, и он не вышел.
approval-unlinked = Больше не ждёт: с тех пор канал отвязывали, и пост не вышел.
approval-lost = Одобрено: { $name }, { $clock }. Выйдет, когда у меня снова будет право писать в канал.
approval-stopped = Одобрено: { $name }, { $clock }. Выйдет, когда канал снимут с паузы.
approval-still = { $count ->
    [one] { $count } пост ещё ждёт слова: решите в «Очереди».
    [few] { $count } поста ещё ждут слова: решите в «Очереди».
   *[many] { $count } постов ещё ждут слова: решите в «Очереди».
}
approval-by-itself = Вышло само в { $clock }.
approval-published = Опубликовано: { $name }, { $clock }.
approval-declined = Отклонено: { $name }, { $clock }.
approval-last = Это последняя новость: чтобы поста не было, нажмите «Не публиковать».
approval-out = Убрано: { $title }
threads-title = «{ $title }»: темы форума
threads-hint = Куда идут новости каждой темы. Можно и иначе: напишите /setup в нужной теме группы.
thread-line = { $topic } → { $where }
thread-general = General
thread-named = «{ $name }»
thread-chosen = отдельная тема
thread-now = Сейчас: { $where }.
thread-hint = Создам в группе тему «{ $topic }», если у меня есть право управлять темами. Или напишите /setup в готовой теме.
thread-question = Какие новости присылать в тему, где вы написали /setup?
thread-set = { $topic }: теперь в этой теме
thread-dropped = { $topic }: теперь в General
thread-made = Тема «{ $name }» создана
thread-there = У этой темы новостей уже есть место в группе.
thread-no-right = У меня нет права управлять темами. Дайте его или напишите /setup в готовой теме группы.
thread-no-forum = В этой группе нет тем. Их включают в настройках группы.
thread-lost = В группе «{ $title }» больше нет темы «{ $name }»: её новости теперь идут в General. Выберите другую тему, если нужно.
thread-general-closed = В группе «{ $title }» закрыта тема General, поэтому пост туда не вышел. Откройте её или выберите для новостей другие темы.
log-heading = «{ $title }»: кто что менял
log-empty = Пока ничего.
log-line = { $when } — { $name }: { $what }
log-us = Бот
log-somebody = Администратор
log-other = другие настройки
log-linked = подключение
log-unlinked = отвязка
log-lost = доступ потерян, пауза
log-returned = доступ вернулся
log-stopped = пауза
log-launched = запуск
log-resumed = снова работает
log-paused-until = пауза на время
log-topic-added = + { $to }
log-topic-removed = − { $to }
log-words-added = свои слова + { $to }
log-words-removed = свои слова − { $to }
log-times = время выпусков — { $to }
log-zone = часовой пояс — { $to }
log-lang = язык — { $to }
log-reads = языки новостей — { $to }
log-instant = сразу — { $to }
log-density = вид — { $to }
log-opinions = мнения — { $to }
log-picture = картинка — { $to }
log-hashtags = { $to }
log-sound = { $to }
log-daily-cap = постов в день — { $to }
log-least-importance = важность — { $to }
log-approval-minutes = согласование — { $to }
log-signature = подпись — { $to }
log-quiet = { $to }
log-hidden = стоп-слова и скрытое
log-threads = темы форума
log-trial = пробный пост
log-trial-deleted = проба удалена
log-approved = пост опубликован
log-approved-kept = пост одобрен, выйдет, когда канал снова заработает
log-declined = пост отклонён
log-approval-out = из поста убрано: { $to }
log-queue-out = из очереди убрано: { $to }
log-queue-now = отправлено сейчас: { $to }
log-queue-issue-now = выпуск отправлен раньше срока
log-queue-issue-asked = выпуск собран раньше срока и отдан на согласование
log-queue-skip = следующий выпуск пропущен
log-instant-off = ничего
log-instant-breaking = только срочное
log-instant-every = каждая новость
report-week = «{ $title }» за неделю
report-posts = Постов: { $count }
report-reactions = Реакций: { $count }
report-best = Больше всего реакций, { $count }:
report-main = Самая важная:
report-full = Дней, когда предел постов ({ $most }) был выбран: { $count }. Остальное вошло в выпуски.
report-silent = Молчали всю неделю: { $names }
button-report = Отчёт
button-report-off = Не присылать отчёты
choice-report-yes = Отчёт по понедельникам
choice-report-no = Без отчётов
set-report = { $to }
log-report = { $to }
log-unmanaged = управлять больше некому
log-managed = снова есть кому управлять
log-general-closed = пост не вышел: тема General закрыта
log-orphaned = неделю никто не управлял, пауза
channel-unmanaged = «{ $title }» больше никто из вас не может управлять: право администратора снято у всех, кто его настраивал. Если за неделю оно ни к кому не вернётся, выпуски там остановятся; настройки сохранятся.
channel-orphaned = Выпуски в «{ $title }» остановлены: неделю им никто не управлял. Настройки сохранены; возобновить может любой администратор с правом публиковать: /channels, «Добавить».
