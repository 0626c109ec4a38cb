button-own-issue = Свой выпуск
button-missed = Прошлый выпуск
button-doubt-arrived = Вышел
button-doubt-again = Отправить ещё раз
doubt-question = Связь с Telegram оборвалась, пока я отправлял выпуск в «{ $title }», и узнать, вышел ли он, не удалось. Посмотрите, пожалуйста: он там?
doubt-arrived = Хорошо, значит, вышел.
doubt-again = Отправляю выпуск ещё раз.
